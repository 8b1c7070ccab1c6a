"""The gate without a network: passes by UUID, visitors, patrols, notes and machines

Revision ID: 0002
Revises: 0001
"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TO_REVIEW = sa.text("differs AND reviewed_at IS NULL")
KINDS = "'car', 'visitor', 'drop_off', 'service'"
REFERENCES = {
    "device_id": "gate_devices",
    "compound_id": "compounds",
    "visitor_pass_id": "visitor_passes",
}
ADDED = (
    "reviewed_by",
    "reviewed_at",
    "received_at",
    "offline",
    "differs",
    "known_reasons",
    "known_verdict",
    "kind",
    "compound_id",
    "visitor_pass_id",
    "device_id",
    "uuid",
)


def _fill_gate_events() -> None:
    """What was recorded online was decided by what the server knew, when it knew it."""
    connection = op.get_bind()
    connection.execute(
        sa.text(
            "UPDATE gate_events SET known_verdict = verdict, known_reasons = reasons, received_at = at"
        )
    )
    ids = connection.execute(sa.text("SELECT id FROM gate_events")).scalars().all()
    if ids:
        connection.execute(
            sa.text("UPDATE gate_events SET uuid = :uuid WHERE id = :id"),
            [{"uuid": str(uuid.uuid4()), "id": one} for one in ids],
        )


def upgrade() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=300), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("events", JSON, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_webhooks_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhooks"),
    )
    op.create_index("ix_webhooks_community_id", "webhooks", ["community_id"])
    op.create_table(
        "gate_devices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("direction", sa.String(length=3), nullable=True),
        sa.Column("least_confidence", sa.Double(), nullable=False),
        sa.Column("token_sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "least_confidence BETWEEN 0 AND 1", name=op.f("ck_gate_devices_confidence_is_a_share")
        ),
        sa.ForeignKeyConstraint(["gate_id"], ["gates.id"], name="fk_gate_devices_gate_id"),
        sa.PrimaryKeyConstraint("id", name="pk_gate_devices"),
        sa.UniqueConstraint("token_sha256", name="uq_gate_devices_token_sha256"),
    )
    op.create_index("ix_gate_devices_gate_id", "gate_devices", ["gate_id"])
    op.create_table(
        "infringement_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.Column("compound_id", sa.Integer(), nullable=True),
        sa.Column("plate", sa.String(length=10), nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=True),
        sa.Column("reported_by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answer", sa.String(length=500), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=80), nullable=True),
        sa.CheckConstraint(
            "(state = 'closed') = (closed_at IS NOT NULL)",
            name=op.f("ck_infringement_reports_closed_have_a_time"),
        ),
        sa.CheckConstraint(
            "kind IN ('wrong_zone', 'no_permit', 'fire_lane', 'other')",
            name=op.f("ck_infringement_reports_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'closed')", name=op.f("ck_infringement_reports_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_infringement_reports_community_id"
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_infringement_reports_compound_id"
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name="fk_infringement_reports_zone_id"),
        sa.PrimaryKeyConstraint("id", name="pk_infringement_reports"),
        sa.UniqueConstraint("uuid", name="uq_infringement_reports_uuid"),
    )
    op.create_index(
        "ix_infringement_reports_community_state",
        "infringement_reports",
        ["community_id", "state", "at"],
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("webhook_id", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=36), nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["webhook_id"], ["webhooks.id"], name="fk_webhook_deliveries_webhook_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_deliveries"),
        sa.UniqueConstraint(
            "webhook_id", "subject", name="uq_webhook_deliveries_webhook_id_subject"
        ),
    )
    op.create_index("ix_webhook_deliveries_webhook", "webhook_deliveries", ["webhook_id", "id"])
    op.create_table(
        "shift_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("gate_id", sa.Integer(), nullable=False),
        sa.Column("guard_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["gate_id"], ["gates.id"], name="fk_shift_notes_gate_id"),
        sa.ForeignKeyConstraint(["guard_id"], ["users.id"], name="fk_shift_notes_guard_id"),
        sa.PrimaryKeyConstraint("id", name="pk_shift_notes"),
        sa.UniqueConstraint("uuid", name="uq_shift_notes_uuid"),
    )
    op.create_index("ix_shift_notes_gate_at", "shift_notes", ["gate_id", "at"])
    op.create_table(
        "visitor_passes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=True),
        sa.Column("household_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=True),
        sa.Column("plate", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind = 'drop_off' OR compound_id IS NOT NULL",
            name=op.f("ck_visitor_passes_visits_have_a_host_compound"),
        ),
        sa.CheckConstraint(
            "kind IN ('visitor', 'delivery', 'tradesman', 'drop_off')",
            name=op.f("ck_visitor_passes_kind_known"),
        ),
        sa.CheckConstraint(
            "number BETWEEN 1 AND 4294967295", name=op.f("ck_visitor_passes_number_is_four_bytes")
        ),
        sa.CheckConstraint("valid_from < valid_to", name=op.f("ck_visitor_passes_hours_in_order")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_visitor_passes_community_id"
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_visitor_passes_compound_id"
        ),
        sa.ForeignKeyConstraint(
            ["household_id"], ["households.id"], name="fk_visitor_passes_household_id"
        ),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name="fk_visitor_passes_key_id"),
        sa.PrimaryKeyConstraint("id", name="pk_visitor_passes"),
        sa.UniqueConstraint("community_id", "number", name="uq_visitor_passes_community_id_number"),
        sa.UniqueConstraint("uuid", name="uq_visitor_passes_uuid"),
    )
    op.create_index(
        "ix_visitor_passes_community_valid_to", "visitor_passes", ["community_id", "valid_to"]
    )
    op.create_index("ix_visitor_passes_household", "visitor_passes", ["household_id", "valid_from"])
    op.create_index("ix_visitor_passes_plate", "visitor_passes", ["community_id", "plate"])
    with op.batch_alter_table("compounds") as batch_op:
        batch_op.add_column(sa.Column("visits_per_month", sa.Integer(), nullable=True))
        batch_op.create_check_constraint(
            op.f("ck_compounds_visit_quota_positive"), "visits_per_month > 0"
        )

    with op.batch_alter_table("gate_events") as batch_op:
        for column in (
            sa.Column("uuid", sa.String(length=36)),
            sa.Column("device_id", sa.Integer()),
            sa.Column("visitor_pass_id", sa.Integer()),
            sa.Column("compound_id", sa.Integer()),
            sa.Column("kind", sa.String(length=10), nullable=False, server_default="car"),
            sa.Column("known_verdict", sa.String(length=6)),
            sa.Column("known_reasons", JSON),
            sa.Column("differs", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("offline", sa.Boolean(), nullable=False, server_default=sa.false()),
            sa.Column("received_at", sa.DateTime(timezone=True)),
            sa.Column("reviewed_at", sa.DateTime(timezone=True)),
            sa.Column("reviewed_by", sa.String(length=80)),
        ):
            batch_op.add_column(column)
    _fill_gate_events()
    with op.batch_alter_table("gate_events") as batch_op:
        for name in ("uuid", "known_verdict", "known_reasons", "received_at"):
            batch_op.alter_column(name, nullable=False)
        for name in ("kind", "differs", "offline"):
            batch_op.alter_column(name, server_default=None)
        batch_op.create_unique_constraint("uq_gate_events_uuid", ["uuid"])
        for name, table in REFERENCES.items():
            batch_op.create_foreign_key(f"fk_gate_events_{name}", table, [name], ["id"])
        batch_op.create_check_constraint(op.f("ck_gate_events_kind_known"), f"kind IN ({KINDS})")
        batch_op.create_check_constraint(
            op.f("ck_gate_events_known_verdict_known"),
            "known_verdict IN ('admit', 'check', 'refuse')",
        )
        batch_op.create_index(
            "ix_gate_events_to_review",
            ["gate_id"],
            sqlite_where=TO_REVIEW,
            postgresql_where=TO_REVIEW,
        )

    with op.batch_alter_table("permits") as batch_op:
        batch_op.add_column(sa.Column("signature", sa.LargeBinary(length=64), nullable=True))
        batch_op.add_column(sa.Column("changed", sa.Integer(), nullable=True))
        batch_op.create_index("ix_permits_changed", ["changed"])
        batch_op.create_index("ix_permits_valid_from", ["valid_from"])

    with op.batch_alter_table("vehicles") as batch_op:
        batch_op.add_column(sa.Column("changed", sa.Integer(), nullable=True))
        batch_op.create_index("ix_vehicles_changed", ["changed"])
        batch_op.create_index("ix_vehicles_plate", ["community_id", "plate"])


def downgrade() -> None:
    with op.batch_alter_table("vehicles") as batch_op:
        batch_op.drop_index("ix_vehicles_plate")
        batch_op.drop_index("ix_vehicles_changed")
        batch_op.drop_column("changed")

    with op.batch_alter_table("permits") as batch_op:
        batch_op.drop_index("ix_permits_valid_from")
        batch_op.drop_index("ix_permits_changed")
        batch_op.drop_column("changed")
        batch_op.drop_column("signature")

    with op.batch_alter_table("gate_events") as batch_op:
        batch_op.drop_index("ix_gate_events_to_review")
        batch_op.drop_constraint(op.f("ck_gate_events_kind_known"), type_="check")
        batch_op.drop_constraint(op.f("ck_gate_events_known_verdict_known"), type_="check")
        for name in REFERENCES:
            batch_op.drop_constraint(f"fk_gate_events_{name}", type_="foreignkey")
        batch_op.drop_constraint("uq_gate_events_uuid", type_="unique")
        for name in ADDED:
            batch_op.drop_column(name)

    with op.batch_alter_table("compounds") as batch_op:
        batch_op.drop_constraint(op.f("ck_compounds_visit_quota_positive"), type_="check")
        batch_op.drop_column("visits_per_month")

    op.drop_table("visitor_passes")
    op.drop_table("shift_notes")
    op.drop_table("webhook_deliveries")
    op.drop_table("infringement_reports")
    op.drop_table("gate_devices")
    op.drop_table("webhooks")
