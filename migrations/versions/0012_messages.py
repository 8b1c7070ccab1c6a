"""Messages to people who sign in

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

from records.database import Json, UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("facts", Json, nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("once", sa.String(length=60), nullable=True),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("read_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_messages_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
        sa.UniqueConstraint("user_id", "once", name="uq_messages_user_id_once"),
    )
    op.create_index("ix_messages_at", "messages", ["at"])
    op.create_index("ix_messages_user", "messages", ["user_id", "id"])


def downgrade() -> None:
    op.drop_table("messages")
