"""Zone plans by consent: the voting rule, every say, papers of the meeting, ways on foot

Triggers hold on both databases that a plan in force has the votes and never changes.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DECIDED = "('ratified', 'rejected', 'withdrawn')"

ALL_CONSENT = """NOT EXISTS (
    SELECT 1 FROM compounds c WHERE c.community_id = NEW.community_id AND NOT EXISTS (
        SELECT 1 FROM {votes} v
        WHERE v.{key} = NEW.id AND v.compound_id = c.id AND v.consents))"""

CARRIED = f"""CASE OLD.voting_rule
    WHEN 'all' THEN {ALL_CONSENT.format(votes="plan_votes", key="plan_id")}
    ELSE (SELECT count(*) FROM plan_votes v JOIN compounds c ON c.id = v.compound_id
          WHERE v.plan_id = NEW.id AND c.community_id = NEW.community_id AND v.consents) * 2
         > (SELECT count(*) FROM compounds c WHERE c.community_id = NEW.community_id)
         AND NOT EXISTS (
             SELECT 1 FROM needed_consents n WHERE n.plan_id = NEW.id AND NOT EXISTS (
                 SELECT 1 FROM plan_votes v WHERE v.plan_id = NEW.id
                 AND v.compound_id = n.compound_id AND v.consents))
    END"""

RULE_IN_FORCE = """COALESCE((
    SELECT r.rule FROM rule_changes r
    WHERE r.community_id = NEW.community_id AND r.state = 'accepted'
    ORDER BY r.id DESC LIMIT 1), 'all')"""

SPEAKS_FOR_IT = """EXISTS (
    SELECT 1 FROM users u
    WHERE u.id = NEW.user_id AND u.compound_id = NEW.compound_id AND u.active)"""

# On SQLite a plan that is not there has no state, which is not 'draft' either.
OLD_PLAN = "(SELECT p.state FROM zone_plans p WHERE p.id = OLD.plan_id)"
NEW_PLAN = "(SELECT p.state FROM zone_plans p WHERE p.id = NEW.plan_id)"
NEW_CHANGE = "(SELECT r.state FROM rule_changes r WHERE r.id = NEW.change_id)"

# Table, act, the condition under which it is refused, and what is said then.
REFUSALS = (
    ("zone_plans", "INSERT", "NEW.state <> 'draft'", "a plan begins as a draft"),
    (
        "zone_plans",
        "UPDATE",
        f"OLD.state IN {DECIDED}",
        "a plan that is decided never changes",
    ),
    (
        "zone_plans",
        "UPDATE",
        "NEW.id <> OLD.id OR NEW.community_id <> OLD.community_id OR NEW.number <> OLD.number",
        "a plan keeps its number",
    ),
    (
        "zone_plans",
        "UPDATE",
        "OLD.state = 'draft' AND NEW.state NOT IN ('draft', 'proposed')",
        "a draft has to be proposed before it is decided",
    ),
    (
        "zone_plans",
        "UPDATE",
        f"OLD.state = 'draft' AND NEW.state = 'proposed' AND NEW.voting_rule <> {RULE_IN_FORCE}",
        "a plan is proposed under the rule that holds",
    ),
    (
        "zone_plans",
        "UPDATE",
        "OLD.state = 'proposed' AND (NEW.state = 'draft' OR NEW.note <> OLD.note"
        " OR NEW.voting_rule <> OLD.voting_rule OR NEW.first_day < OLD.first_day"
        " OR NEW.first_day IS NULL"
        " OR (NEW.state <> 'ratified' AND NEW.state <> 'rejected'"
        "     AND NEW.first_day <> OLD.first_day)"
        " OR NEW.proposed_by IS DISTINCT FROM OLD.proposed_by"
        " OR NEW.base_id IS DISTINCT FROM OLD.base_id"
        " OR NEW.site_map_id IS DISTINCT FROM OLD.site_map_id)",
        "a plan up for the vote does not change",
    ),
    (
        "zone_plans",
        "UPDATE",
        f"NEW.state = 'ratified' AND NOT ({CARRIED})",
        "a plan is ratified by the votes alone",
    ),
    ("zone_plans", "DELETE", "OLD.state <> 'draft'", "a plan that was proposed stays"),
    ("plan_openings", "INSERT", f"{NEW_PLAN} <> 'draft'", "only a draft can change"),
    (
        "plan_openings",
        "UPDATE",
        f"{OLD_PLAN} <> 'draft' OR {NEW_PLAN} <> 'draft'",
        "only a draft can change",
    ),
    ("plan_openings", "DELETE", f"{OLD_PLAN} <> 'draft'", "only a draft can change"),
    (
        "plan_votes",
        "INSERT",
        f"{NEW_PLAN} <> 'proposed' OR NOT {SPEAKS_FOR_IT}",
        "representatives vote, while the plan is up for the vote",
    ),
    (
        "plan_votes",
        "UPDATE",
        f"{OLD_PLAN} <> 'proposed' OR NEW.plan_id <> OLD.plan_id"
        f" OR NEW.compound_id <> OLD.compound_id OR NOT {SPEAKS_FOR_IT}",
        "representatives vote, while the plan is up for the vote",
    ),
    ("plan_votes", "DELETE", "1 = 1", "a vote stays"),
    (
        "plan_sayings",
        "INSERT",
        f"{NEW_PLAN} <> 'proposed' OR NOT {SPEAKS_FOR_IT}",
        "representatives speak, while the plan is up for the vote",
    ),
    ("plan_sayings", "UPDATE", "1 = 1", "what was said stays"),
    ("plan_sayings", "DELETE", "1 = 1", "what was said stays"),
    (
        "needed_consents",
        "INSERT",
        f"{NEW_PLAN} NOT IN ('draft', 'proposed')",
        "whose consent a plan needs is known before it is decided",
    ),
    ("needed_consents", "UPDATE", "1 = 1", "a consent that is needed stays needed"),
    ("needed_consents", "DELETE", "1 = 1", "a consent that is needed stays needed"),
    ("meeting_papers", "UPDATE", "1 = 1", "a paper stays"),
    ("meeting_papers", "DELETE", "1 = 1", "a paper stays"),
    ("rule_changes", "INSERT", "NEW.state <> 'open'", "a change of the rule begins open"),
    (
        "rule_changes",
        "UPDATE",
        "OLD.state <> 'open' OR NEW.id <> OLD.id OR NEW.rule <> OLD.rule"
        " OR NEW.community_id <> OLD.community_id",
        "a change of the rule that is decided never changes",
    ),
    (
        "rule_changes",
        "UPDATE",
        "NEW.state = 'accepted' AND NOT ("
        + ALL_CONSENT.format(votes="rule_answers", key="change_id")
        + ")",
        "the rule changes by consent of all",
    ),
    ("rule_changes", "DELETE", "1 = 1", "a change of the rule stays"),
    (
        "rule_answers",
        "INSERT",
        f"{NEW_CHANGE} <> 'open' OR NOT {SPEAKS_FOR_IT}",
        "representatives answer, while the change is open",
    ),
    (
        "rule_answers",
        "UPDATE",
        f"{NEW_CHANGE} <> 'open' OR NEW.change_id <> OLD.change_id"
        f" OR NEW.compound_id <> OLD.compound_id OR NOT {SPEAKS_FOR_IT}",
        "representatives answer, while the change is open",
    ),
    ("rule_answers", "DELETE", "1 = 1", "an answer stays"),
)

# INSERT OR REPLACE deletes the rows it collides with, and no DELETE trigger sees that.
REPLACED = {
    "zone_plans": "o.id = NEW.id OR (o.community_id = NEW.community_id AND o.number = NEW.number)",
    "plan_openings": "o.id = NEW.id",
    "plan_votes": "o.id = NEW.id OR (o.plan_id = NEW.plan_id AND o.compound_id = NEW.compound_id)",
    "plan_sayings": "o.id = NEW.id",
    "needed_consents": "o.plan_id = NEW.plan_id AND o.compound_id = NEW.compound_id",
    "meeting_papers": "o.id = NEW.id OR (o.plan_id = NEW.plan_id AND o.sha256 = NEW.sha256)",
    "rule_changes": "o.id = NEW.id",
    "rule_answers": "o.id = NEW.id"
    " OR (o.change_id = NEW.change_id AND o.compound_id = NEW.compound_id)",
}
TABLES = tuple(REPLACED)


def _sqlite_triggers() -> list[str]:
    triggers = [
        f"""CREATE TRIGGER {table}_refuses_{place} BEFORE {act} ON {table}
            WHEN {condition.replace(" IS DISTINCT FROM ", " IS NOT ")}
            BEGIN SELECT RAISE(ABORT, '{words}'); END"""
        for place, (table, act, condition, words) in enumerate(REFUSALS)
    ]
    triggers += [
        f"""CREATE TRIGGER {table}_refuses_replace BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} o WHERE {collides})
            BEGIN SELECT RAISE(ABORT, 'a row is not replaced'); END"""
        for table, collides in REPLACED.items()
    ]
    return triggers


def _postgresql_triggers() -> list[str]:
    statements = [
        """CREATE FUNCTION plans_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'plans and votes stay'; END $$"""
    ]
    for table in TABLES:
        checks = {
            act: " ".join(
                f"IF {condition} THEN RAISE EXCEPTION '{words}'; END IF;"
                for of, when, condition, words in REFUSALS
                if (of, when) == (table, act)
            )
            for act in ("INSERT", "UPDATE", "DELETE")
        }
        for act, body in checks.items():
            if body:
                row = "OLD" if act == "DELETE" else "NEW"
                name = f"{table}_refuses_{act.lower()}"
                statements += [
                    f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS
                        $$ BEGIN {body} RETURN {row}; END $$""",
                    f"""CREATE TRIGGER {name} BEFORE {act} ON {table}
                        FOR EACH ROW EXECUTE FUNCTION {name}()""",
                ]
        statements.append(
            f"""CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table}
                FOR EACH STATEMENT EXECUTE FUNCTION plans_refuse_truncate()"""
        )
    return statements


def _functions() -> list[str]:
    acts = {(table, act) for table, act, _condition, _words in REFUSALS}
    return [f"{table}_refuses_{act.lower()}" for table, act in sorted(acts)]


def upgrade() -> None:
    op.create_table(
        "rule_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.String(length=80), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "rule IN ('all', 'majority_with_losers')", name=op.f("ck_rule_changes_rule_known")
        ),
        sa.CheckConstraint(
            "state IN ('open', 'accepted', 'refused', 'withdrawn')",
            name=op.f("ck_rule_changes_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_rule_changes_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_rule_changes"),
    )
    op.create_index(
        "uq_rule_changes_open",
        "rule_changes",
        ["community_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "rule_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("consents", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["change_id"], ["rule_changes.id"], name="fk_rule_answers_change_id"
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_rule_answers_compound_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_rule_answers_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_rule_answers"),
        sa.UniqueConstraint(
            "change_id", "compound_id", name="uq_rule_answers_change_id_compound_id"
        ),
    )
    op.create_table(
        "plan_sayings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("consents", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_plan_sayings_compound_id"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["zone_plans.id"], name="fk_plan_sayings_plan_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_plan_sayings_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_sayings"),
    )
    op.create_index("ix_plan_sayings_plan_id", "plan_sayings", ["plan_id"])
    op.create_table(
        "needed_consents",
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_needed_consents_compound_id"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["zone_plans.id"], name="fk_needed_consents_plan_id"),
        sa.PrimaryKeyConstraint("plan_id", "compound_id", name="pk_needed_consents"),
    )
    op.create_table(
        "meeting_papers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.String(length=80), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('minutes', 'photo')", name=op.f("ck_meeting_papers_kind_known")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["zone_plans.id"], name="fk_meeting_papers_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_meeting_papers"),
        sa.UniqueConstraint("plan_id", "sha256", name="uq_meeting_papers_plan_id_sha256"),
    )
    op.create_table(
        "walking_distances",
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "metres BETWEEN 0 AND 5000", name=op.f("ck_walking_distances_metres_plausible")
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_walking_distances_compound_id"
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name="fk_walking_distances_zone_id"),
        sa.PrimaryKeyConstraint("compound_id", "zone_id", name="pk_walking_distances"),
    )
    with op.batch_alter_table("zone_plans") as batch_op:
        batch_op.add_column(sa.Column("proposed_by", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("voting_rule", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("base_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("amends_id", sa.Integer(), nullable=True))
    # Until now every compound had to consent, and the ledger knows who proposed what.
    op.execute("UPDATE zone_plans SET voting_rule = 'all' WHERE state <> 'draft'")
    op.execute(
        "UPDATE zone_plans SET proposed_by = (SELECT l.actor FROM ledger l"
        " WHERE l.act = 'plan.proposed' AND l.subject = 'plan:' || zone_plans.number"
        " ORDER BY l.number DESC LIMIT 1) WHERE state <> 'draft'"
    )
    op.execute(
        "INSERT INTO plan_sayings (plan_id, compound_id, user_id, consents, reason, at)"
        " SELECT plan_id, compound_id, user_id, consents, reason, at FROM plan_votes ORDER BY id"
    )
    op.execute(
        "INSERT INTO needed_consents (plan_id, compound_id)"
        " SELECT p.id, c.id FROM zone_plans p JOIN compounds c ON c.community_id = p.community_id"
        " WHERE p.state = 'proposed'"
    )
    with op.batch_alter_table("zone_plans") as batch_op:
        batch_op.drop_constraint(op.f("ck_zone_plans_state_known"), type_="check")
        batch_op.create_check_constraint(
            op.f("ck_zone_plans_state_known"),
            f"state IN ('draft', 'proposed', {DECIDED[1:-1]})",
        )
        batch_op.create_check_constraint(
            op.f("ck_zone_plans_proposed_ones_have_a_rule"),
            "(state = 'draft') = (voting_rule IS NULL)",
        )
        for name in ("base_id", "amends_id"):
            batch_op.create_foreign_key(f"fk_zone_plans_{name}", "zone_plans", [name], ["id"])
    make = _sqlite_triggers if op.get_bind().dialect.name == "sqlite" else _postgresql_triggers
    for statement in make():
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_refuses_truncate ON {table}")
        op.execute("DROP FUNCTION plans_refuse_truncate()")
        for name in _functions():
            op.execute(f"DROP FUNCTION {name}() CASCADE")
    else:
        for place, (table, *_rest) in enumerate(REFUSALS):
            op.execute(f"DROP TRIGGER {table}_refuses_{place}")
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_refuses_replace")
    with op.batch_alter_table("zone_plans") as batch_op:
        for name in ("base_id", "amends_id"):
            batch_op.drop_constraint(f"fk_zone_plans_{name}", type_="foreignkey")
        batch_op.drop_constraint(op.f("ck_zone_plans_proposed_ones_have_a_rule"), type_="check")
        batch_op.drop_constraint(op.f("ck_zone_plans_state_known"), type_="check")
    # There was no such state: what was taken back was not carried.
    op.execute("UPDATE zone_plans SET state = 'rejected' WHERE state = 'withdrawn'")
    with op.batch_alter_table("zone_plans") as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_zone_plans_state_known"),
            "state IN ('draft', 'proposed', 'ratified', 'rejected')",
        )
        for name in ("amends_id", "base_id", "voting_rule", "proposed_by"):
            batch_op.drop_column(name)
    op.drop_table("walking_distances")
    op.drop_table("meeting_papers")
    op.drop_table("needed_consents")
    op.drop_index("ix_plan_sayings_plan_id", "plan_sayings")
    op.drop_table("plan_sayings")
    op.drop_table("rule_answers")
    op.drop_index("uq_rule_changes_open", "rule_changes")
    op.drop_table("rule_changes")
