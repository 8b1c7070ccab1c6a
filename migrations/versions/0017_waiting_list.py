"""Cars that wait for a place in their compound

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "waiting_cars",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("plate", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("owner_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("details_digest", sa.LargeBinary(), nullable=True),
        _moment("since", nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        _moment("ended_at"),
        _moment("place_since"),
        sa.CheckConstraint(
            "state IN ('waiting', 'placed', 'withdrawn', 'elsewhere')",
            name=op.f("ck_waiting_cars_state_known"),
        ),
        sa.CheckConstraint(
            "(state = 'waiting') = (ended_at IS NULL)",
            name=op.f("ck_waiting_cars_ended_ones_have_a_time"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_waiting_cars_community_id"
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_waiting_cars_compound_id"
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_waiting_cars_household_id"
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "compound_id"],
            ["compounds.community_id", "compounds.id"],
            name="fk_waiting_cars_community_id_compound_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_waiting_cars"),
    )
    op.create_index(
        "uq_waiting_cars_plate",
        "waiting_cars",
        ["compound_id", "plate"],
        unique=True,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )


def downgrade() -> None:
    op.drop_table("waiting_cars")
