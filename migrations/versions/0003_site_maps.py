"""The map: site plans, site maps, and the map that a zone plan rests on

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "site_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("width_px > 0 AND height_px > 0", name=op.f("ck_site_plans_has_a_size")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_site_plans_community_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_plans"),
    )
    op.create_index("ix_site_plans_community_id", "site_plans", ["community_id"])
    op.create_table(
        "site_maps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("community_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("site_plan_id", sa.Integer(), nullable=True),
        sa.Column("features", JSON, nullable=False),
        sa.Column("created_by", sa.String(length=80), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_site_maps_number_positive")),
        sa.ForeignKeyConstraint(
            ["community_id"], ["communities.id"], name="fk_site_maps_community_id"
        ),
        sa.ForeignKeyConstraint(
            ["site_plan_id"], ["site_plans.id"], name="fk_site_maps_site_plan_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_site_maps"),
        sa.UniqueConstraint("community_id", "number", name="uq_site_maps_community_id_number"),
    )
    with op.batch_alter_table("zone_plans") as batch_op:
        batch_op.add_column(sa.Column("site_map_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            "fk_zone_plans_site_map_id", "site_maps", ["site_map_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("zone_plans") as batch_op:
        batch_op.drop_constraint("fk_zone_plans_site_map_id", type_="foreignkey")
        batch_op.drop_column("site_map_id")
    op.drop_table("site_maps")
    op.drop_table("site_plans")
