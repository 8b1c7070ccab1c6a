"""Cars with a space of their own, and whether permits name it

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "own_spaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("garage", sa.String(length=20), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("cars", sa.Integer(), nullable=False),
        sa.Column("tenure", sa.String(length=10), nullable=False),
        sa.Column("paper_kind", sa.String(length=10), nullable=False),
        sa.Column("paper_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "tenure IN ('owned', 'leased')", name=op.f("ck_own_spaces_tenure_known")
        ),
        sa.CheckConstraint(
            "paper_kind IN ('title', 'purchase', 'lease', 'other')",
            name=op.f("ck_own_spaces_paper_known"),
        ),
        sa.CheckConstraint("cars > 0", name=op.f("ck_own_spaces_holds_a_car")),
        sa.CheckConstraint(
            "tenure <> 'leased' OR last_day IS NOT NULL", name=op.f("ck_own_spaces_leases_end")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_own_spaces_community_id"
        ),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name="fk_own_spaces_vehicle_id"),
        sa.PrimaryKeyConstraint("id", name="pk_own_spaces"),
    )
    op.create_index(
        "uq_own_spaces_vehicle",
        "own_spaces",
        ["vehicle_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_own_spaces_place", "own_spaces", ["community_id", "garage", "number"])
    with op.batch_alter_table("print_rules") as batch_op:
        batch_op.add_column(
            sa.Column("names_space", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("print_rules") as batch_op:
        batch_op.alter_column("names_space", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("print_rules") as batch_op:
        batch_op.drop_column("names_space")
    op.drop_table("own_spaces")
