"""figures."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "call_figure",
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("asked_for_agent", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("is_short", sa.Boolean(), nullable=False),
        sa.Column("is_served", sa.Boolean(), nullable=False),
        sa.Column("in_time", sa.Boolean(), nullable=False),
        sa.Column("wait_ms", sa.Integer(), nullable=True),
        sa.Column("rules", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_figure")),
    )
    with op.batch_alter_table("call_figure", schema=None) as batch_op:
        batch_op.create_index("ix_call_figure_line_day", ["line", "day"], unique=False)
    op.create_table(
        "day_figure",
        sa.Column("dimension", sa.String(length=20), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.String(length=40), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("calls_open", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_told", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("in_time", sa.Integer(), nullable=False),
        sa.Column("waits", sa.Integer(), nullable=False),
        sa.Column("wait_ms", sa.BigInteger(), nullable=False),
        sa.Column("short_abandoned", sa.Integer(), nullable=False),
        sa.Column("long_abandoned", sa.Integer(), nullable=False),
        sa.Column("unknown_abandoned", sa.Integer(), nullable=False),
        sa.Column("menu_abandoned", sa.Integer(), nullable=False),
        sa.Column("served", sa.Integer(), nullable=False),
        sa.Column("callbacks", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("rang", sa.Integer(), nullable=False),
        sa.Column("rings_met", sa.Integer(), nullable=False),
        sa.Column("rings_missed", sa.Integer(), nullable=False),
        sa.Column("rings_unknown", sa.Integer(), nullable=False),
        sa.Column("strict_met", sa.Integer(), nullable=False),
        sa.Column("strict_missed", sa.Integer(), nullable=False),
        sa.Column("strict_unknown", sa.Integer(), nullable=False),
        sa.Column("literal_met", sa.Integer(), nullable=False),
        sa.Column("literal_missed", sa.Integer(), nullable=False),
        sa.Column("literal_unknown", sa.Integer(), nullable=False),
        sa.Column("customary_met", sa.Integer(), nullable=False),
        sa.Column("customary_missed", sa.Integer(), nullable=False),
        sa.Column("customary_unknown", sa.Integer(), nullable=False),
        sa.Column("met", sa.Integer(), nullable=False),
        sa.Column("talks", sa.Integer(), nullable=False),
        sa.Column("talk_ms", sa.BigInteger(), nullable=False),
        sa.Column("hold_ms", sa.BigInteger(), nullable=False),
        sa.Column("wraps", sa.Integer(), nullable=False),
        sa.Column("wrap_ms", sa.BigInteger(), nullable=False),
        sa.Column("handle_ms", sa.BigInteger(), nullable=False),
        sa.Column("customer_first", sa.Integer(), nullable=False),
        sa.Column("agent_first", sa.Integer(), nullable=False),
        sa.Column("first_unknown", sa.Integer(), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("unresolved", sa.Integer(), nullable=False),
        sa.Column("resolve_unknown", sa.Integer(), nullable=False),
        sa.Column("marked_resolved", sa.Integer(), nullable=False),
        sa.Column("marked_unresolved", sa.Integer(), nullable=False),
        sa.Column("ring_p50", sa.Integer(), nullable=True),
        sa.Column("ring_p90", sa.Integer(), nullable=True),
        sa.Column("ring_p99", sa.Integer(), nullable=True),
        sa.Column("wait_p50", sa.Integer(), nullable=True),
        sa.Column("wait_p90", sa.Integer(), nullable=True),
        sa.Column("wait_p99", sa.Integer(), nullable=True),
        sa.Column("rules_least", sa.String(length=12), nullable=False),
        sa.Column("rules_most", sa.String(length=12), nullable=False),
        sa.Column("ring_times", sa.JSON(), nullable=False),
        sa.Column("wait_times", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("dimension", "line", "day", "value", name=op.f("pk_day_figure")),
    )
    with op.batch_alter_table("day_figure", schema=None) as batch_op:
        batch_op.create_index(
            "ix_day_figure_dashboard",
            [
                "line",
                "day",
                "calls",
                "asked",
                "answered",
                "short_abandoned",
                "long_abandoned",
                "unknown_abandoned",
                "rings_met",
                "rings_missed",
                "ring_p50",
                "ring_p90",
                "ring_p99",
            ],
            unique=False,
            postgresql_where=sa.text("dimension = 'line'"),
            sqlite_where=sa.text("dimension = 'line'"),
        )
    op.create_table(
        "figure_rebuild",
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("done", sa.Date(), nullable=False),
        sa.Column("rules", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("line", "first", "last", name=op.f("pk_figure_rebuild")),
    )
    op.create_table(
        "offer_figure",
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("hour", sa.SmallInteger(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("ring_ms", sa.Integer(), nullable=True),
        sa.Column("rings", sa.String(length=20), nullable=False),
        sa.Column("strict", sa.String(length=20), nullable=False),
        sa.Column("literal", sa.String(length=20), nullable=False),
        sa.Column("customary", sa.String(length=20), nullable=False),
        sa.Column("is_talk", sa.Boolean(), nullable=False),
        sa.Column("talk_ms", sa.Integer(), nullable=True),
        sa.Column("hold_ms", sa.Integer(), nullable=True),
        sa.Column("wrap_ms", sa.Integer(), nullable=True),
        sa.Column("customer_first", sa.String(length=20), nullable=False),
        sa.Column("resolved", sa.String(length=20), nullable=False),
        sa.Column("marked", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_offer_figure")),
    )
    with op.batch_alter_table("offer_figure", schema=None) as batch_op:
        batch_op.create_index("ix_offer_figure_call", ["call_id"], unique=False)
        batch_op.create_index("ix_offer_figure_line_day", ["line", "day"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    with op.batch_alter_table("offer_figure", schema=None) as batch_op:
        batch_op.drop_index("ix_offer_figure_line_day")
        batch_op.drop_index("ix_offer_figure_call")
    op.drop_table("offer_figure")
    op.drop_table("figure_rebuild")
    with op.batch_alter_table("day_figure", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_day_figure_dashboard",
            postgresql_where=sa.text("dimension = 'line'"),
            sqlite_where=sa.text("dimension = 'line'"),
        )
    op.drop_table("day_figure")
    with op.batch_alter_table("call_figure", schema=None) as batch_op:
        batch_op.drop_index("ix_call_figure_line_day")
    op.drop_table("call_figure")
