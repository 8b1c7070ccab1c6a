"""Signed heads of the ledger, who saw which, notices, responsible people and joint meetings

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


HEADS_ARE_APPEND_ONLY = {
    "sqlite": (
        """CREATE TRIGGER signed_heads_refuse_update BEFORE UPDATE ON signed_heads
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        # INSERT OR REPLACE deletes the rows it collides with, and no DELETE trigger sees that.
        """CREATE TRIGGER signed_heads_refuse_replace BEFORE INSERT ON signed_heads
           WHEN EXISTS (SELECT 1 FROM signed_heads
                        WHERE number = NEW.number AND community = NEW.community)
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
        """CREATE TRIGGER signed_heads_refuse_delete BEFORE DELETE ON signed_heads
           BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    ),
    "postgresql": (
        """CREATE TRIGGER signed_heads_refuse_change
           BEFORE UPDATE OR DELETE OR TRUNCATE ON signed_heads
           FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuses()""",
    ),
}


def upgrade() -> None:
    op.create_table(
        "signed_heads",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("community", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("permits", JSON, nullable=False),
        sa.Column("key_id", sa.Integer(), nullable=False),
        sa.Column("signature", sa.LargeBinary(length=64), nullable=False),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_signed_heads_hash_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_signed_heads_number_positive")),
        sa.ForeignKeyConstraint(["key_id"], ["signing_keys.id"], name="fk_signed_heads_key_id"),
        sa.PrimaryKeyConstraint("number", "community", name="pk_signed_heads"),
    )
    for statement in HEADS_ARE_APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)
    op.create_table(
        "seen_heads",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("before_number", sa.Integer(), nullable=True),
        sa.Column("before_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrong_number", sa.Integer(), nullable=True),
        sa.Column("wrong_fault", sa.String(length=10), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_seen_heads_user_id"),
        sa.PrimaryKeyConstraint("user_id", name="pk_seen_heads"),
    )
    op.create_table(
        "responsibilities",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=True),
        sa.Column("compound_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("phone", sa.String(length=30), nullable=False),
        sa.CheckConstraint(
            "(zone_id IS NULL) <> (compound_id IS NULL)",
            name=op.f("ck_responsibilities_for_a_zone_or_a_compound"),
        ),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_responsibilities_compound_id"
        ),
        sa.ForeignKeyConstraint(["zone_id"], ["zones.id"], name="fk_responsibilities_zone_id"),
        sa.PrimaryKeyConstraint("id", name="pk_responsibilities"),
        sa.UniqueConstraint("compound_id", name="uq_responsibilities_compound_id"),
        sa.UniqueConstraint("zone_id", name="uq_responsibilities_zone_id"),
    )
    op.create_table(
        "public_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("head_number", sa.Integer(), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=True),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_public_notices_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_public_notices"),
    )
    op.create_index("ix_public_notices_community_id", "public_notices", ["community_id"])
    op.create_table(
        "joint_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("attended", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("attended > 0", name=op.f("ck_joint_meetings_somebody_attended")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_joint_meetings_community_id"
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["zone_plans.id"], name="fk_joint_meetings_plan_id"),
        sa.PrimaryKeyConstraint("id", name="pk_joint_meetings"),
        sa.UniqueConstraint("community_id", "number", name="uq_joint_meetings_community_id_number"),
    )
    op.create_index("ix_joint_meetings_plan_id", "joint_meetings", ["plan_id"])
    op.create_table(
        "paper_votes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("compound_id", sa.Integer(), nullable=False),
        sa.Column("consents", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("sheet_sha256", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'waiting') = (answered_at IS NULL)",
            name=op.f("ck_paper_votes_answers_have_a_time"),
        ),
        sa.CheckConstraint(
            "state IN ('waiting', 'confirmed', 'denied')", name=op.f("ck_paper_votes_state_known")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["users.id"], name="fk_paper_votes_answered_by"),
        sa.ForeignKeyConstraint(
            ["compound_id"], ["compounds.id"], name="fk_paper_votes_compound_id"
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["joint_meetings.id"], name="fk_paper_votes_meeting_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_paper_votes"),
        sa.UniqueConstraint(
            "meeting_id", "compound_id", name="uq_paper_votes_meeting_id_compound_id"
        ),
    )
    op.create_index("ix_paper_votes_compound_id", "paper_votes", ["compound_id"])


def downgrade() -> None:
    op.drop_table("paper_votes")
    op.drop_table("joint_meetings")
    op.drop_table("public_notices")
    op.drop_table("responsibilities")
    op.drop_table("seen_heads")
    # Its triggers go with it.
    op.drop_table("signed_heads")
