"""Lists that remove cars, rows that are left out, and rows mended in the page

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

OUTCOMES = (
    "'accepted', 'unchanged', 'duplicate_in_list', 'conflict', 'over_quota', 'invalid_plate',"
    " 'missing_plate', 'needs_attention'"
)
NEW_OUTCOMES = "'removed', 'not_in_register', 'left_out'"


def upgrade() -> None:
    _known("'add', 'remove', 'whole'", f"{OUTCOMES}, {NEW_OUTCOMES}")
    with op.batch_alter_table("plate_list_rows") as batch_op:
        batch_op.add_column(sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    # Read as a list that adds cars, it would register those that it was to remove.
    op.execute(
        "UPDATE plate_lists SET state = 'withdrawn'"
        " WHERE meaning = 'remove' AND state IN ('reviewed', 'submitted', 'returned')"
    )
    op.execute("UPDATE plate_lists SET meaning = 'add' WHERE meaning = 'remove'")
    op.execute(
        "UPDATE plate_list_rows SET outcome = 'unchanged', reason = 'unchanged'"
        f" WHERE outcome IN ({NEW_OUTCOMES})"
    )
    with op.batch_alter_table("plate_list_rows") as batch_op:
        batch_op.drop_column("mended_at")
    _known("'add', 'whole'", OUTCOMES)


def _known(meanings: str, outcomes: str) -> None:
    for table, column, values in (
        ("plate_lists", "meaning", meanings),
        ("plate_list_rows", "outcome", outcomes),
    ):
        name = op.f(f"ck_{table}_{column}_known")
        with op.batch_alter_table(table) as batch_op:
            batch_op.drop_constraint(name, type_="check")
            batch_op.create_check_constraint(name, f"{column} IN ({values})")
