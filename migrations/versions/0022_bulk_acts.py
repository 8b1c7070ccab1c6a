"""Bulk acts, which belong together so that they can be undone together

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

from records.database import Json

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulk_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("vehicle_ids", Json, nullable=False),
        sa.Column("permit_ids", Json, nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('hand_over', 'revoke', 'remove')", name=op.f("ck_bulk_acts_kind_known")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_bulk_acts_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_acts"),
    )
    op.create_index("ix_bulk_acts_community_actor", "bulk_acts", ["community_id", "actor"])


def downgrade() -> None:
    op.drop_index("ix_bulk_acts_community_actor", table_name="bulk_acts")
    op.drop_table("bulk_acts")
