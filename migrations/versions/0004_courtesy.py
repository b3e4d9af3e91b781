"""courtesy."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "courtesy_round",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("institution", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("per_agent", sa.Integer(), nullable=True),
        sa.Column("second_share", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.String(length=20), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("drawn_by", sa.String(length=60), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("appeal_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courtesy_round")),
    )
    with op.batch_alter_table("courtesy_round", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_courtesy_round_institution"), ["institution"], unique=False)
    op.create_table(
        "courtesy_appeal",
        sa.Column("round_id", sa.String(length=80), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("filed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("decided_by", sa.String(length=60), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["courtesy_round.id"], name=op.f("fk_courtesy_appeal_round_id_courtesy_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "call_id", "item", name=op.f("pk_courtesy_appeal")),
    )
    op.create_table(
        "courtesy_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("round_id", sa.String(length=80), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["courtesy_round.id"], name=op.f("fk_courtesy_event_round_id_courtesy_round")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_courtesy_event")),
    )
    with op.batch_alter_table("courtesy_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_courtesy_event_round_id"), ["round_id"], unique=False)
    op.create_table(
        "courtesy_pick",
        sa.Column("round_id", sa.String(length=80), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("second", sa.Boolean(), nullable=False),
        sa.Column("dropped", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["round_id"], ["courtesy_round.id"], name=op.f("fk_courtesy_pick_round_id_courtesy_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "call_id", name=op.f("pk_courtesy_pick")),
    )
    with op.batch_alter_table("courtesy_pick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_courtesy_pick_agent_id"), ["agent_id"], unique=False)
    op.create_table(
        "courtesy_sheet",
        sa.Column("round_id", sa.String(length=80), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("place", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("rater", sa.String(length=60), nullable=False),
        sa.Column("written_by", sa.String(length=60), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scores", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("blind", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["round_id"], ["courtesy_round.id"], name=op.f("fk_courtesy_sheet_round_id_courtesy_round")
        ),
        sa.PrimaryKeyConstraint("round_id", "call_id", "place", "version", name=op.f("pk_courtesy_sheet")),
    )


def downgrade() -> None:
    """Take the revision back."""
    op.drop_table("courtesy_sheet")
    with op.batch_alter_table("courtesy_pick", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courtesy_pick_agent_id"))
    op.drop_table("courtesy_pick")
    with op.batch_alter_table("courtesy_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courtesy_event_round_id"))
    op.drop_table("courtesy_event")
    op.drop_table("courtesy_appeal")
    with op.batch_alter_table("courtesy_round", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_courtesy_round_institution"))
    op.drop_table("courtesy_round")
