"""Residents watch together: answers and look-backs, warnings, suspensions

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = True) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "watch_rules",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("look_back_hours", sa.Integer(), nullable=False),
        sa.Column("fire_lane_hours", sa.Integer(), nullable=False),
        sa.Column("warning_at", sa.Integer(), nullable=False),
        sa.Column("suspension_at", sa.Integer(), nullable=False),
        sa.Column("within_days", sa.Integer(), nullable=False),
        sa.Column("suspension_days", sa.Integer(), nullable=False),
        sa.Column("contest_pauses", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "look_back_hours > 0 AND fire_lane_hours > 0",
            name=op.f("ck_watch_rules_hours_positive"),
        ),
        sa.CheckConstraint(
            "1 < warning_at AND warning_at < suspension_at", name=op.f("ck_watch_rules_steps_rise")
        ),
        sa.CheckConstraint(
            "within_days > 0 AND suspension_days > 0", name=op.f("ck_watch_rules_days_positive")
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_watch_rules_community_id"
        ),
        sa.PrimaryKeyConstraint("community_id", name="pk_watch_rules"),
    )
    op.create_table(
        "report_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("photo_sha256", sa.String(length=64), nullable=True),
        sa.Column("by", sa.String(length=80), nullable=False),
        _moment("at", nullable=False),
        sa.CheckConstraint(
            "kind IN ('answered', 'gone', 'unchanged')", name=op.f("ck_report_steps_kind_known")
        ),
        sa.CheckConstraint(
            "(kind = 'answered') = (photo_sha256 IS NULL)",
            name=op.f("ck_report_steps_look_backs_have_a_photo"),
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["infringement_reports.id"], name="fk_report_steps_report_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report_steps"),
    )
    op.create_index("ix_report_steps_report_id", "report_steps", ["report_id"])
    # What is closed stays so: nobody could look back at it now.
    op.execute(
        'INSERT INTO report_steps (report_id, kind, words, "by", at) '
        "SELECT id, 'answered', answer, closed_by, closed_at FROM infringement_reports "
        "WHERE state = 'closed' ORDER BY closed_at, id"
    )
    with op.batch_alter_table("infringement_reports") as batch_op:
        batch_op.drop_column("answer")
        batch_op.drop_constraint(op.f("ck_infringement_reports_state_known"), type_="check")
        for column in (
            _moment("look_back_due"),
            sa.Column("times_reopened", sa.Integer(), nullable=False, server_default="0"),
            _moment("confirmed_at"),
            sa.Column("confirmed_by", sa.String(length=80), nullable=True),
            sa.Column("code_sha256", sa.String(length=64), nullable=True),
            sa.Column("contact_sealed", sa.LargeBinary(), nullable=True),
        ):
            batch_op.add_column(column)
    with op.batch_alter_table("infringement_reports") as batch_op:
        batch_op.alter_column("times_reopened", server_default=None)
        batch_op.create_unique_constraint("uq_infringement_reports_code_sha256", ["code_sha256"])
        batch_op.create_check_constraint(
            op.f("ck_infringement_reports_state_known"), "state IN ('open', 'answered', 'closed')"
        )
        batch_op.create_check_constraint(
            op.f("ck_infringement_reports_answered_are_looked_back_at"),
            "(state = 'answered') = (look_back_due IS NOT NULL)",
        )
        batch_op.create_check_constraint(
            op.f("ck_infringement_reports_times_reopened_not_negative"), "times_reopened >= 0"
        )
        batch_op.create_check_constraint(
            op.f("ck_infringement_reports_confirmed_by_somebody"),
            "(confirmed_at IS NULL) = (confirmed_by IS NULL)",
        )

    with op.batch_alter_table("permits") as batch_op:
        batch_op.add_column(_moment("suspended_from"))
        batch_op.add_column(_moment("suspended_until"))
        batch_op.create_check_constraint(
            op.f("ck_permits_suspension_has_both_ends"),
            "(suspended_from IS NULL) = (suspended_until IS NULL)",
        )

    op.create_table(
        "warnings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(length=10), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        _moment("seen_at", nullable=False),
        _moment("at", nullable=False),
        _moment("withdrawn_at"),
        sa.Column("withdrawn_reason", sa.String(length=500), nullable=True),
        sa.CheckConstraint(
            "step IN ('reminder', 'warning', 'suspension_proposed')",
            name=op.f("ck_warnings_step_known"),
        ),
        sa.CheckConstraint("count > 0", name=op.f("ck_warnings_count_positive")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)",
            name=op.f("ck_warnings_withdrawn_have_a_reason"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_warnings_community_id"
        ),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name="fk_warnings_vehicle_id"),
        sa.ForeignKeyConstraint(
            ["report_id"], ["infringement_reports.id"], name="fk_warnings_report_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_warnings"),
        sa.UniqueConstraint("report_id", name="uq_warnings_report_id"),
    )
    op.create_index("ix_warnings_plate_seen", "warnings", ["community_id", "plate", "seen_at"])
    op.create_index("ix_warnings_vehicle_id", "warnings", ["vehicle_id"])
    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("vehicle_id", sa.Integer(), nullable=False),
        sa.Column("permit_id", sa.Integer(), nullable=False),
        sa.Column("warning_id", sa.Integer(), nullable=False),
        sa.Column("plate", sa.String(length=10), nullable=False),
        _moment("starts", nullable=False),
        _moment("ends", nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        _moment("contested_at"),
        sa.Column("contest_reason", sa.String(length=500), nullable=True),
        _moment("paused_at"),
        _moment("upheld_at"),
        _moment("lifted_at"),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.CheckConstraint("starts < ends", name=op.f("ck_suspensions_moments_in_order")),
        sa.CheckConstraint(
            "(contested_at IS NULL) = (contest_reason IS NULL)",
            name=op.f("ck_suspensions_contests_have_a_reason"),
        ),
        sa.CheckConstraint(
            "upheld_at IS NULL OR contested_at IS NOT NULL",
            name=op.f("ck_suspensions_upheld_ones_were_contested"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_suspensions_community_id"
        ),
        sa.ForeignKeyConstraint(["vehicle_id"], ["vehicles.id"], name="fk_suspensions_vehicle_id"),
        sa.ForeignKeyConstraint(["permit_id"], ["permits.id"], name="fk_suspensions_permit_id"),
        sa.ForeignKeyConstraint(["warning_id"], ["warnings.id"], name="fk_suspensions_warning_id"),
        sa.PrimaryKeyConstraint("id", name="pk_suspensions"),
        sa.UniqueConstraint("warning_id", name="uq_suspensions_warning_id"),
    )
    op.create_index("ix_suspensions_plate", "suspensions", ["community_id", "plate"])
    op.create_index("ix_suspensions_community_ends", "suspensions", ["community_id", "ends"])
    op.create_index("ix_suspensions_vehicle_id", "suspensions", ["vehicle_id"])


def downgrade() -> None:
    op.drop_table("suspensions")
    op.drop_table("warnings")

    with op.batch_alter_table("permits") as batch_op:
        batch_op.drop_constraint(op.f("ck_permits_suspension_has_both_ends"), type_="check")
        batch_op.drop_column("suspended_until")
        batch_op.drop_column("suspended_from")

    with op.batch_alter_table("infringement_reports") as batch_op:
        for name in (
            "state_known",
            "answered_are_looked_back_at",
            "times_reopened_not_negative",
            "confirmed_by_somebody",
        ):
            batch_op.drop_constraint(op.f(f"ck_infringement_reports_{name}"), type_="check")
        batch_op.drop_constraint("uq_infringement_reports_code_sha256", type_="unique")
        batch_op.add_column(
            sa.Column("answer", sa.String(length=500), nullable=False, server_default="")
        )
    # An answer that waits for its look-back is no state of the older product: it is open again.
    op.execute("UPDATE infringement_reports SET state = 'open' WHERE state = 'answered'")
    op.execute(
        "UPDATE infringement_reports SET answer = coalesce(("
        "SELECT words FROM report_steps WHERE report_id = infringement_reports.id "
        "AND kind = 'answered' ORDER BY id DESC LIMIT 1), '') WHERE state = 'closed'"
    )
    with op.batch_alter_table("infringement_reports") as batch_op:
        batch_op.alter_column("answer", server_default=None)
        for name in (
            "contact_sealed",
            "code_sha256",
            "confirmed_by",
            "confirmed_at",
            "times_reopened",
            "look_back_due",
        ):
            batch_op.drop_column(name)
        batch_op.create_check_constraint(
            op.f("ck_infringement_reports_state_known"), "state IN ('open', 'closed')"
        )

    op.drop_table("report_steps")
    op.drop_table("watch_rules")
