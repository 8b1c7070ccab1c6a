"""What the office and a representative say about a row

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "row_messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("row_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind IN ('question', 'answer')", name=op.f("ck_row_messages_kind_known")
        ),
        sa.ForeignKeyConstraint(["row_id"], ["plate_list_rows.id"], name="fk_row_messages_row_id"),
        sa.PrimaryKeyConstraint("id", name="pk_row_messages"),
    )
    op.create_index("ix_row_messages_row_id", "row_messages", ["row_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_row_messages_row_id", "row_messages")
    op.drop_table("row_messages")
