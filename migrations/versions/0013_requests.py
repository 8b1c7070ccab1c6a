"""Requests of representatives

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from records.database import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=True),
        sa.Column("permit_id", sa.Integer(), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("plate", sa.String(length=10), nullable=True),
        sa.Column("owner_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("details_digest", sa.LargeBinary(), nullable=True),
        sa.Column("why", sa.String(length=12), nullable=True),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state = 'open') = (decided_at IS NULL)",
            name=op.f("ck_requests_decided_ones_have_a_time"),
        ),
        sa.CheckConstraint(
            "kind IN ('lost_permit', 'plate_change', 'second_car', 'moving_out')",
            name=op.f("ck_requests_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'granted', 'refused', 'withdrawn')",
            name=op.f("ck_requests_state_known"),
        ),
        sa.CheckConstraint(
            "why IN ('lost', 'stolen', 'damaged')", name=op.f("ck_requests_why_known")
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "compound_id"],
            ["compounds.community_id", "compounds.id"],
            name=op.f("fk_requests_community_id_compound_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name=op.f("fk_requests_community_id")
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name=op.f("fk_requests_compound_id")
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name=op.f("fk_requests_household_id")
        ),
        sa.ForeignKeyConstraint(["made_id"], ["permits.id"], name=op.f("fk_requests_made_id")),
        sa.ForeignKeyConstraint(["permit_id"], ["permits.id"], name=op.f("fk_requests_permit_id")),
        sa.ForeignKeyConstraint(
            ["vehicle_id"], ["vehicles.id"], name=op.f("fk_requests_vehicle_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    with op.batch_alter_table("requests") as batch_op:
        batch_op.create_index(
            "ix_requests_community_state", ["community_id", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_requests_vehicle_id"), ["vehicle_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("requests") as batch_op:
        batch_op.drop_index(batch_op.f("ix_requests_vehicle_id"))
        batch_op.drop_index("ix_requests_community_state")

    op.drop_table("requests")
