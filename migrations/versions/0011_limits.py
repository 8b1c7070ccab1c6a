"""Whose cars count together, whether first cars come first, and places in all

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "limit_rules",
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("counts_by", sa.String(length=10), nullable=False),
        sa.Column("first_cars_first", sa.Boolean(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "counts_by IN ('household', 'resident')", name=op.f("ck_limit_rules_way_known")
        ),
        sa.CheckConstraint("places > 0", name=op.f("ck_limit_rules_places_positive")),
        sa.CheckConstraint(
            "places IS NOT NULL OR NOT first_cars_first",
            name=op.f("ck_limit_rules_first_cars_need_places"),
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_limit_rules_compound_id"
        ),
        sa.PrimaryKeyConstraint("compound_id", name="pk_limit_rules"),
    )


def downgrade() -> None:
    op.drop_table("limit_rules")
