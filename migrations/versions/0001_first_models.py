"""The first models, and a ledger that can only grow

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


LEDGER_IS_APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER ledger_refuses_update BEFORE UPDATE ON ledger
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        # INSERT OR REPLACE deletes the rows it collides with, and no DELETE trigger sees that.
        """CREATE TRIGGER ledger_refuses_replace BEFORE INSERT ON ledger
           WHEN EXISTS (SELECT 1 FROM ledger WHERE number = NEW.number
                        OR previous = NEW.previous OR hash = NEW.hash)
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER ledger_refuses_delete BEFORE DELETE ON ledger
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ),
    "postgresql": (
        """CREATE FUNCTION ledger_refuses() RETURNS trigger LANGUAGE plpgsql AS
           $$ BEGIN RAISE EXCEPTION 'the ledger is append-only'; END $$""",
        """CREATE TRIGGER ledger_refuses_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
           FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "communities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("province", sa.String(length=1), nullable=False),
        sa.Column("time_zone", sa.String(length=40), nullable=False),
        sa.Column("permit_days", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "number BETWEEN 0 AND 65535", name=op.f("ck_communities_number_is_two_bytes")
        ),
        sa.CheckConstraint("permit_days > 0", name=op.f("ck_communities_permits_last_a_day")),
        sa.PrimaryKeyConstraint("id", name="pk_communities"),
        sa.UniqueConstraint("number", name="uq_communities_number"),
    )
    op.create_table(
        "ledger",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("details", JSON, nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_ledger_hash_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_ledger_number_positive")),
        sa.PrimaryKeyConstraint("number", name="pk_ledger"),
        sa.UniqueConstraint("hash", name="uq_ledger_hash"),
        sa.UniqueConstraint("previous", name="uq_ledger_previous"),
    )
    op.create_index("ix_ledger_act", "ledger", ["act"], unique=False)
    op.create_index("ix_ledger_subject", "ledger", ["subject"], unique=False)

    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("public_pem", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id BETWEEN 1 AND 255", name=op.f("ck_signing_keys_id_is_a_byte")),
        sa.PrimaryKeyConstraint("id", name="pk_signing_keys"),
    )
    op.create_table(
        "compounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("colour_key", sa.String(length=20), nullable=False),
        sa.Column("vehicles_per_household", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "colour_key IN ('blue', 'vermillion', 'green', 'yellow', 'sky', 'purple', 'orange', 'grey')",
            name=op.f("ck_compounds_colour_known"),
        ),
        sa.CheckConstraint("number BETWEEN 1 AND 255", name=op.f("ck_compounds_number_is_a_byte")),
        sa.CheckConstraint("vehicles_per_household > 0", name=op.f("ck_compounds_quota_positive")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_compounds_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_compounds"),
        sa.UniqueConstraint("community_id", "code", name="uq_compounds_community_id_code"),
        sa.UniqueConstraint(
            "community_id", "colour_key", name="uq_compounds_community_id_colour_key"
        ),
        sa.UniqueConstraint("community_id", "letter", name="uq_compounds_community_id_letter"),
        sa.UniqueConstraint("community_id", "id", name="uq_compounds_community_id_id"),
        sa.UniqueConstraint("community_id", "number", name="uq_compounds_community_id_number"),
    )
    op.create_table(
        "gates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_gates_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gates"),
        sa.UniqueConstraint("community_id", "code", name="uq_gates_community_id_code"),
    )
    op.create_table(
        "print_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("layout", sa.String(length=20), nullable=False),
        sa.Column("file_name", sa.String(length=80), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("permit_count", sa.Integer(), nullable=False),
        sa.Column("sheets", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_print_runs_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_print_runs"),
    )
    op.create_index("ix_print_runs_community_id", "print_runs", ["community_id"], unique=False)

    op.create_table(
        "zone_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'ratified' OR first_day IS NOT NULL",
            name=op.f("ck_zone_plans_ratified_has_a_first_day"),
        ),
        sa.CheckConstraint(
            "state IN ('draft', 'proposed', 'ratified', 'rejected')",
            name=op.f("ck_zone_plans_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_zone_plans_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_zone_plans"),
        sa.UniqueConstraint("community_id", "number", name="uq_zone_plans_community_id_number"),
    )
    op.create_table(
        "zones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("spaces", sa.Integer(), nullable=False),
        sa.CheckConstraint("spaces >= 0", name=op.f("ck_zones_spaces_not_negative")),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_zones_community_id"),
        sa.PrimaryKeyConstraint("id", name="pk_zones"),
        sa.UniqueConstraint("community_id", "code", name="uq_zones_community_id_code"),
    )
    op.create_table(
        "households",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("room", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_households_compound_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_households"),
        sa.UniqueConstraint(
            "compound_id",
            "building",
            "unit",
            "room",
            name="uq_households_compound_id_building_unit_room",
        ),
    )
    op.create_table(
        "plan_openings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=True),
        sa.Column("ends", sa.Time(), nullable=True),
        sa.Column("spaces", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(starts IS NULL) = (ends IS NULL)", name=op.f("ck_plan_openings_window_has_both_ends")
        ),
        sa.CheckConstraint(
            "spaces IS NULL OR spaces >= 0", name=op.f("ck_plan_openings_spaces_not_negative")
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_plan_openings_compound_id"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["zone_plans.id"], name="fk_plan_openings_plan_id"),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name="fk_plan_openings_zone_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_openings"),
        sa.UniqueConstraint(
            "plan_id",
            "zone_id",
            "compound_id",
            "starts",
            name="uq_plan_openings_plan_id_zone_id_compound_id_starts",
        ),
    )
    op.create_index("ix_plan_openings_plan_id", "plan_openings", ["plan_id"], unique=False)
    op.create_index(
        "uq_plan_openings_all_day",
        "plan_openings",
        ["plan_id", "zone_id", "compound_id"],
        unique=True,
        sqlite_where=sa.text("starts IS NULL"),
        postgresql_where=sa.text("starts IS NULL"),
    )

    op.create_table(
        "plate_lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("meaning", sa.String(length=10), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("removals", JSON, nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=80), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "meaning IN ('add', 'whole')", name=op.f("ck_plate_lists_meaning_known")
        ),
        sa.CheckConstraint(
            "state IN ('reviewed', 'submitted', 'approved', 'returned', 'withdrawn')",
            name=op.f("ck_plate_lists_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_plate_lists_compound_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_plate_lists"),
    )
    op.create_index(
        "ix_plate_lists_compound_state", "plate_lists", ["compound_id", "state"], unique=False
    )

    op.create_table(
        "users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("shown_name", sa.String(length=80), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("session_mark", sa.String(length=32), nullable=False),
        sa.CheckConstraint(
            "(role = 'representative') = (compound_id IS NOT NULL)",
            name=op.f("ck_users_representatives_have_a_compound"),
        ),
        sa.CheckConstraint(
            "role IN ('representative', 'staff', 'guard', 'administrator')",
            name=op.f("ck_users_role_known"),
        ),
        sa.ForeignKeyConstraint(["community_id"], ["communities.id"], name="fk_users_community_id"),
        sa.ForeignKeyConstraint(["compound_id"], ["compounds.id"], name="fk_users_compound_id"),
        sa.ForeignKeyConstraint(
            ["community_id", "compound_id"],
            ["compounds.community_id", "compounds.id"],
            name="fk_users_community_id_compound_id",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("name", name="uq_users_name"),
    )
    op.create_index("ix_users_community_id", "users", ["community_id"], unique=False)

    op.create_table(
        "gate_guards",
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gates.id"], name="fk_gate_guards_gate_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_gate_guards_user_id"),
        sa.PrimaryKeyConstraint("gate_id", "user_id", name="pk_gate_guards"),
    )
    op.create_table(
        "plan_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("consents", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_plan_votes_compound_id"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["zone_plans.id"], name="fk_plan_votes_plan_id"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_plan_votes_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plan_votes"),
        sa.UniqueConstraint("plan_id", "compound_id", name="uq_plan_votes_plan_id_compound_id"),
    )
    op.create_table(
        "plate_list_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("sheet", sa.String(length=80), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("raw", sa.String(length=200), nullable=False),
        sa.Column("plate", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=True),
        sa.Column("building", sa.String(length=20), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("room", sa.String(length=20), nullable=False),
        sa.Column("owner_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("details_digest", sa.LargeBinary(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("remarks", JSON, nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("claimed_by_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "decision IN ('keep', 'move')", name=op.f("ck_plate_list_rows_decision_known")
        ),
        sa.CheckConstraint(
            "outcome IN ('accepted', 'unchanged', 'duplicate_in_list', 'conflict', 'over_quota', 'invalid_plate', 'missing_plate', 'needs_attention')",
            name=op.f("ck_plate_list_rows_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["claimed_by_id"], ["compounds.id"], name="fk_plate_list_rows_claimed_by_id"
        ),
        sa.ForeignKeyConstraint(["list_id"], ["plate_lists.id"], name="fk_plate_list_rows_list_id"),
        sa.PrimaryKeyConstraint("id", name="pk_plate_list_rows"),
    )
    op.create_index(
        "ix_plate_list_rows_list_outcome", "plate_list_rows", ["list_id", "outcome"], unique=False
    )
    op.create_index("ix_plate_list_rows_plate", "plate_list_rows", ["plate"], unique=False)

    op.create_table(
        "vehicles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("plate", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("owner_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("details_digest", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'active') = (removed_at IS NULL)",
            name=op.f("ck_vehicles_removed_ones_have_a_time"),
        ),
        sa.CheckConstraint("state IN ('active', 'removed')", name=op.f("ck_vehicles_state_known")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_vehicles_community_id"
        ),
        sa.ForeignKeyConstraint(["compound_id"], ["compounds.id"], name="fk_vehicles_compound_id"),
        sa.ForeignKeyConstraint(
            ["community_id", "compound_id"],
            ["compounds.community_id", "compounds.id"],
            name="fk_vehicles_community_id_compound_id",
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_vehicles_household_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_vehicles"),
    )
    op.create_index(
        "ix_vehicles_compound_state", "vehicles", ["compound_id", "state"], unique=False
    )
    op.create_index("ix_vehicles_household_id", "vehicles", ["household_id"], unique=False)
    op.create_index(
        "uq_vehicles_active_plate",
        "vehicles",
        ["community_id", "plate"],
        unique=True,
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )

    op.create_table(
        "permits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("serial", sa.String(length=20), nullable=False),
        sa.Column("plate", sa.String(length=10), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_over_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=200), nullable=True),
        sa.Column("replaced_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(state IN ('issued', 'printed', 'handed_over')) = (ended_at IS NULL)",
            name=op.f("ck_permits_ended_ones_have_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('issued', 'printed', 'handed_over', 'revoked', 'replaced', 'expired')",
            name=op.f("ck_permits_state_known"),
        ),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 4294967295", name=op.f("ck_permits_number_is_four_bytes")
        ),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_permits_days_in_order")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_permits_community_id"
        ),
        sa.ForeignKeyConstraint(["compound_id"], ["compounds.id"], name="fk_permits_compound_id"),
        sa.ForeignKeyConstraint(
            ["community_id", "compound_id"],
            ["compounds.community_id", "compounds.id"],
            name="fk_permits_community_id_compound_id",
        ),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name="fk_permits_key_id"),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["permits.id"], name="fk_permits_replaced_by_id"
        ),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name="fk_permits_vehicle_id"),
        sa.PrimaryKeyConstraint("id", name="pk_permits"),
        sa.UniqueConstraint("community_id", "number", name="uq_permits_community_id_number"),
    )
    op.create_index("ix_permits_compound_state", "permits", ["compound_id", "state"], unique=False)
    op.create_index("ix_permits_plate", "permits", ["plate"], unique=False)
    op.create_index("ix_permits_serial", "permits", ["serial"], unique=False)
    op.create_index("ix_permits_vehicle_id", "permits", ["vehicle_id"], unique=False)
    op.create_index(
        "uq_permits_vehicle_in_force",
        "permits",
        ["vehicle_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('issued', 'printed', 'handed_over')"),
        postgresql_where=sa.text("state IN ('issued', 'printed', 'handed_over')"),
    )

    op.create_table(
        "gate_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("guard_id", sa.Integer(), nullable=True),
        sa.Column("permit_id", sa.Integer(), nullable=True),
        sa.Column("plate", sa.String(length=10), nullable=True),
        sa.Column("direction", sa.String(length=3), nullable=False),
        sa.Column("verdict", sa.String(length=6), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("let_through", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "direction IN ('in', 'out')", name=op.f("ck_gate_events_direction_known")
        ),
        sa.CheckConstraint(
            "verdict IN ('admit', 'check', 'refuse')", name=op.f("ck_gate_events_verdict_known")
        ),
        sa.ForeignKeyConstraint(["gate_id"], ["gates.id"], name="fk_gate_events_gate_id"),
        sa.ForeignKeyConstraint(["guard_id"], ["users.id"], name="fk_gate_events_guard_id"),
        sa.ForeignKeyConstraint(["permit_id"], ["permits.id"], name="fk_gate_events_permit_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gate_events"),
    )
    op.create_index("ix_gate_events_gate_at", "gate_events", ["gate_id", "at"], unique=False)
    op.create_index("ix_gate_events_plate_at", "gate_events", ["plate", "at"], unique=False)

    op.create_table(
        "print_run_permits",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("permit_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permit_id"], ["permits.id"], name="fk_print_run_permits_permit_id"
        ),
        sa.ForeignKeyConstraint(["run_id"], ["print_runs.id"], name="fk_print_run_permits_run_id"),
        sa.PrimaryKeyConstraint("run_id", "permit_id", name="pk_print_run_permits"),
    )
    op.create_index(
        "ix_print_run_permits_permit_id", "print_run_permits", ["permit_id"], unique=False
    )
    for statement in LEDGER_IS_APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    op.drop_index("ix_print_run_permits_permit_id", "print_run_permits")

    op.drop_table("print_run_permits")
    op.drop_index("ix_gate_events_plate_at", "gate_events")
    op.drop_index("ix_gate_events_gate_at", "gate_events")

    op.drop_table("gate_events")
    op.drop_index(
        "uq_permits_vehicle_in_force",
        "permits",
        sqlite_where=sa.text("state IN ('issued', 'printed', 'handed_over')"),
        postgresql_where=sa.text("state IN ('issued', 'printed', 'handed_over')"),
    )
    op.drop_index("ix_permits_vehicle_id", "permits")
    op.drop_index("ix_permits_serial", "permits")
    op.drop_index("ix_permits_plate", "permits")
    op.drop_index("ix_permits_compound_state", "permits")

    op.drop_table("permits")
    op.drop_index(
        "uq_vehicles_active_plate",
        "vehicles",
        sqlite_where=sa.text("state = 'active'"),
        postgresql_where=sa.text("state = 'active'"),
    )
    op.drop_index("ix_vehicles_household_id", "vehicles")
    op.drop_index("ix_vehicles_compound_state", "vehicles")

    op.drop_table("vehicles")
    op.drop_index("ix_plate_list_rows_plate", "plate_list_rows")
    op.drop_index("ix_plate_list_rows_list_outcome", "plate_list_rows")

    op.drop_table("plate_list_rows")
    op.drop_table("plan_votes")
    op.drop_table("gate_guards")
    op.drop_index("ix_users_community_id", "users")

    op.drop_table("users")
    op.drop_index("ix_plate_lists_compound_state", "plate_lists")

    op.drop_table("plate_lists")
    op.drop_index(
        "uq_plan_openings_all_day",
        "plan_openings",
        sqlite_where=sa.text("starts IS NULL"),
        postgresql_where=sa.text("starts IS NULL"),
    )
    op.drop_index("ix_plan_openings_plan_id", "plan_openings")

    op.drop_table("plan_openings")
    op.drop_table("households")
    op.drop_table("zones")
    op.drop_table("zone_plans")
    op.drop_index("ix_print_runs_community_id", "print_runs")

    op.drop_table("print_runs")
    op.drop_table("gates")
    op.drop_table("compounds")
    op.drop_table("signing_keys")
    op.drop_index("ix_ledger_subject", "ledger")
    op.drop_index("ix_ledger_act", "ledger")

    op.drop_table("ledger")
    op.drop_table("communities")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_refuses()")
