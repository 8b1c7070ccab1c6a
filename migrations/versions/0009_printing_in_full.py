"""Printing in full: own layouts, printers, print rules, reprints, notices of one compound

Revision ID: 0009
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

from records.database import Json

revision = "0009"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "print_rules",
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("names_compound", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_print_rules_community_id"
        ),
        sa.PrimaryKeyConstraint("community_id", name="pk_print_rules"),
    )
    op.create_table(
        "print_layouts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("design", sa.String(length=20), nullable=False),
        sa.Column("paper", sa.String(length=4), nullable=False),
        sa.Column("is_landscape", sa.Boolean(), nullable=False),
        sa.Column("columns", sa.Integer(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("left_tenths", sa.Integer(), nullable=False),
        sa.Column("top_tenths", sa.Integer(), nullable=False),
        sa.Column("across_tenths", sa.Integer(), nullable=False),
        sa.Column("down_tenths", sa.Integer(), nullable=False),
        sa.Column("hidden", Json, nullable=False),
        sa.CheckConstraint(
            '"columns" > 0 AND "rows" > 0', name=op.f("ck_print_layouts_holds_a_permit")
        ),
        sa.CheckConstraint(
            "left_tenths >= 0 AND top_tenths >= 0 AND across_tenths >= 0 AND down_tenths >= 0",
            name=op.f("ck_print_layouts_lengths_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_print_layouts_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_print_layouts"),
        sa.UniqueConstraint("community_id", "name", name="uq_print_layouts_community_id_name"),
    )
    op.create_table(
        "printers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_printers_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_printers"),
        sa.UniqueConstraint("community_id", "name", name="uq_printers_community_id_name"),
    )
    op.create_table(
        "printer_shifts",
        sa.Column("printer_id", sa.Integer(), nullable=False),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("right_tenths", sa.Integer(), nullable=False),
        sa.Column("down_tenths", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "side IN ('portrait_front', 'portrait_back', 'landscape_front', 'landscape_back')",
            name=op.f("ck_printer_shifts_side_known"),
        ),
        sa.ForeignKeyConstraint(
            ["printer_id"], ["printers.id"], name="fk_printer_shifts_printer_id"
        ),
        sa.PrimaryKeyConstraint("printer_id", "side", name="pk_printer_shifts"),
    )
    with op.batch_alter_table("print_runs") as batch_op:
        batch_op.add_column(
            sa.Column("ink", sa.String(length=8), nullable=False, server_default="colour")
        )
        # Of the layouts that there were, only the card has a back.
        batch_op.add_column(
            sa.Column("flip", sa.String(length=8), nullable=False, server_default="long")
        )
        batch_op.add_column(sa.Column("why_again", sa.String(length=12), nullable=True))
    op.execute("UPDATE print_runs SET flip = 'none' WHERE layout = 'sticker'")
    with op.batch_alter_table("print_runs") as batch_op:
        batch_op.alter_column("ink", server_default=None)
        batch_op.alter_column("flip", server_default=None)
    with op.batch_alter_table("public_notices") as batch_op:
        batch_op.add_column(sa.Column("compound_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            "fk_public_notices_compound_id", "compounds", ["compound_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("public_notices") as batch_op:
        batch_op.drop_constraint("fk_public_notices_compound_id", type_="foreignkey")
        batch_op.drop_column("compound_id")
    with op.batch_alter_table("print_runs") as batch_op:
        for column in ("why_again", "flip", "ink"):
            batch_op.drop_column(column)
    for table in ("printer_shifts", "printers", "print_layouts", "print_rules"):
        op.drop_table(table)
