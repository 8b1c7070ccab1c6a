"""Permits that give way to another, and temporary ones

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_IN_FORCE = "state IN ('issued', 'printed', 'handed_over')"
_ONE = "uq_permits_vehicle_in_force"


def _one_for_each_vehicle(condition: str) -> None:
    op.create_index(
        _ONE,
        "permits",
        ["vehicle_id"],
        unique=True,
        sqlite_where=sa.text(condition),
        postgresql_where=sa.text(condition),
    )


def upgrade() -> None:
    op.drop_index(_ONE, "permits")
    with op.batch_alter_table("permits") as batch_op:
        batch_op.add_column(sa.Column("gives_way_to_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("is_temporary", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch_op.create_foreign_key(
            "fk_permits_gives_way_to_id", "permits", ["gives_way_to_id"], ["id"]
        )
    with op.batch_alter_table("permits") as batch_op:
        batch_op.alter_column("is_temporary", server_default=None)
    _one_for_each_vehicle(f"{_IN_FORCE} AND gives_way_to_id IS NULL")
    gives_way = sa.text("gives_way_to_id IS NOT NULL")
    op.create_index(
        "ix_permits_gives_way_to_id",
        "permits",
        ["gives_way_to_id"],
        sqlite_where=gives_way,
        postgresql_where=gives_way,
    )
    with op.batch_alter_table("communities") as batch_op:
        batch_op.add_column(
            sa.Column("temporary_days", sa.Integer(), nullable=False, server_default="7")
        )
        batch_op.create_check_constraint(
            op.f("ck_communities_temporary_ones_last_a_day"), "temporary_days > 0"
        )
    with op.batch_alter_table("communities") as batch_op:
        batch_op.alter_column("temporary_days", server_default=None)


def downgrade() -> None:
    # Of permits that give way only the other one is left: a car has one permit in force.
    op.execute(
        "UPDATE permits SET state = 'replaced', ended_at = issued_at, end_reason = 'renewed',"
        " replaced_by_id = gives_way_to_id"
        f" WHERE {_IN_FORCE} AND gives_way_to_id IS NOT NULL"
    )
    with op.batch_alter_table("communities") as batch_op:
        batch_op.drop_constraint(op.f("ck_communities_temporary_ones_last_a_day"), type_="check")
        batch_op.drop_column("temporary_days")
    op.drop_index(_ONE, "permits")
    op.drop_index("ix_permits_gives_way_to_id", "permits")
    with op.batch_alter_table("permits") as batch_op:
        batch_op.drop_constraint("fk_permits_gives_way_to_id", type_="foreignkey")
        batch_op.drop_column("is_temporary")
        batch_op.drop_column("gives_way_to_id")
    _one_for_each_vehicle(_IN_FORCE)
