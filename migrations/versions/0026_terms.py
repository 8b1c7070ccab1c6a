"""Terms of representatives: whoever's is over votes no more, which triggers hold too

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

# Table, act, its place among the refusals of 0004, the row that must be open, what stays as it is.
GUARDED = (
    ("plan_votes", "INSERT", 11, "zone_plans", "plan_id", ()),
    ("plan_votes", "UPDATE", 12, "zone_plans", "plan_id", ("plan_id", "compound_id")),
    ("plan_sayings", "INSERT", 14, "zone_plans", "plan_id", ()),
    ("rule_answers", "INSERT", 26, "rule_changes", "change_id", ()),
    ("rule_answers", "UPDATE", 27, "rule_changes", "change_id", ("change_id", "compound_id")),
)
WORDS = {
    "plan_votes": "representatives vote, while the plan is up for the vote",
    "plan_sayings": "representatives speak, while the plan is up for the vote",
    "rule_answers": "representatives answer, while the change is open",
}

# The database knows no time zones: the term's last day ends here a day late for nobody's harm.
IN_TERM = {
    "sqlite": "(u.term_ends IS NULL OR u.term_ends >= date(NEW.at, '-1 day'))",
    "postgresql": "(u.term_ends IS NULL OR u.term_ends >= (NEW.at AT TIME ZONE 'UTC')::date - 1)",
}


def _condition(act: str, of: str, key: str, kept: tuple[str, ...], in_term: str) -> str:
    row = "NEW" if act == "INSERT" or of == "rule_changes" else "OLD"
    state = "open" if of == "rule_changes" else "proposed"
    speaks = (
        "EXISTS (SELECT 1 FROM users u WHERE u.id = NEW.user_id"
        f" AND u.compound_id = NEW.compound_id AND u.active AND {in_term})"
    )
    changed = "".join(f" OR NEW.{one} <> OLD.{one}" for one in kept)
    return (
        f"(SELECT p.state FROM {of} p WHERE p.id = {row}.{key}) <> '{state}'"
        f"{changed} OR NOT {speaks}"
    )


def _make_triggers(with_terms: bool) -> None:
    dialect = op.get_bind().dialect.name
    for table, act, place, of, key, kept in GUARDED:
        in_term = IN_TERM[dialect] if with_terms else "TRUE"
        condition = _condition(act, of, key, kept, in_term)
        words = WORDS[table]
        if dialect == "sqlite":
            name = f"{table}_refuses_{place}"
            op.execute(f"DROP TRIGGER {name}")
            op.execute(
                f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {condition}"
                f" BEGIN SELECT RAISE(ABORT, '{words}'); END"
            )
        else:
            op.execute(
                f"CREATE OR REPLACE FUNCTION {table}_refuses_{act.lower()}() RETURNS trigger"
                f" LANGUAGE plpgsql AS $$ BEGIN IF {condition} THEN"
                f" RAISE EXCEPTION '{words}'; END IF; RETURN NEW; END $$"
            )


def upgrade() -> None:
    # Not in batch mode: the triggers look at this table.
    op.add_column("users", sa.Column("term_ends", sa.Date(), nullable=True))
    _make_triggers(with_terms=True)


def downgrade() -> None:
    _make_triggers(with_terms=False)
    op.drop_column("users", "term_ends")
