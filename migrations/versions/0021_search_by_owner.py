"""Keyed digests by which the office finds an owner; `flask daily run` fills those of old cars

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLES = ("vehicles", "plate_list_rows")
_COLUMNS = ("owner_index", "phone_index")


def upgrade() -> None:
    for table in _TABLES:
        for column in _COLUMNS:
            op.add_column(table, sa.Column(column, sa.LargeBinary(), nullable=True))
    op.create_index("ix_vehicles_owner", "vehicles", ["community_id", "owner_index"])
    op.create_index("ix_vehicles_phone", "vehicles", ["community_id", "phone_index"])


def downgrade() -> None:
    op.drop_index("ix_vehicles_phone", table_name="vehicles")
    op.drop_index("ix_vehicles_owner", table_name="vehicles")
    for table in _TABLES:
        for column in _COLUMNS:
            op.drop_column(table, column)
