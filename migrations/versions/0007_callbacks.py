"""the directory, callbacks, attempts and bookings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "booking",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("receipt", sa.String(length=16), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.LargeBinary(), nullable=True),
        sa.Column("topic", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("held", sa.String(length=120), nullable=True),
        sa.Column("callback_id", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("held", name=op.f("uq_booking_held")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_callback_id"), ["callback_id"], unique=False)
        batch_op.create_index("ix_booking_line_starts", ["line", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_number_index"), ["number_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_receipt"), ["receipt"], unique=False)
    op.create_table(
        "booking_slot",
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line", "team", "starts_at", name=op.f("pk_booking_slot")),
    )
    op.create_table(
        "callback",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("skill", sa.String(length=40), nullable=True),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=True),
        sa.Column("receipt_number", sa.String(length=16), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("reason", sa.String(length=30), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_callback_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_callback")),
    )
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_callback_call_id"), ["call_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_due_at"), ["due_at"], unique=False)
        batch_op.create_index("ix_callback_number", ["number_index", "line"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_officer_id"), ["officer_id"], unique=False)
        batch_op.create_index("ix_callback_queue", ["line", "state", "since"], unique=False)
        batch_op.create_index(batch_op.f("ix_callback_receipt_number"), ["receipt_number"], unique=False)
        batch_op.create_index(
            "uq_callback_open",
            ["line", "number_index"],
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL AND origin <> 'booking'"),
            sqlite_where=sa.text("closed_at IS NULL AND origin <> 'booking'"),
        )
    op.create_table(
        "officer",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=60), nullable=False),
        sa.Column("title", sa.String(length=30), nullable=False),
        sa.Column("duties", sa.Text(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=True),
        sa.Column("agent_id", sa.String(length=40), nullable=True),
        sa.Column("deputy_id", sa.String(length=40), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("reminder_number", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_officer_agent_id_agent")),
        sa.ForeignKeyConstraint(["deputy_id"], ["officer.id"], name=op.f("fk_officer_deputy_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_officer")),
        sa.UniqueConstraint("agent_id", name=op.f("uq_officer_agent_id")),
    )
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.create_index("ix_officer_line_role", ["line", "role"], unique=False)
    op.create_table(
        "absence",
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_absence_officer_id_officer")),
        sa.PrimaryKeyConstraint("officer_id", "starts_at", name=op.f("pk_absence")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_absence_ends_at"), ["ends_at"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("callback_id", sa.String(length=30), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("absence", sa.String(length=30), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("agent_sid", sa.String(length=64), nullable=True),
        sa.Column("customer_sid", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wrapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_attempt_agent_id_agent")),
        sa.ForeignKeyConstraint(["callback_id"], ["callback.id"], name=op.f("fk_attempt_callback_id_callback")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_open_callback",
            ["callback_id"],
            unique=True,
            postgresql_where=sa.text("state <> 'over'"),
            sqlite_where=sa.text("state <> 'over'"),
        )
        batch_op.create_index(
            "uq_attempt_open_number",
            ["number_index"],
            unique=True,
            postgresql_where=sa.text("state <> 'over'"),
            sqlite_where=sa.text("state <> 'over'"),
        )
        batch_op.create_index("uq_attempt_ordinal", ["callback_id", "ordinal"], unique=True)
    # Wishes that nobody has confirmed yet by a text become promises to call back.
    op.execute("UPDATE promise SET kind = 'ask-callback' WHERE kind = 'confirm-wish' AND done_at IS NULL")


def downgrade() -> None:
    """Take the revision back."""
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index("uq_attempt_ordinal")
        batch_op.drop_index(
            "uq_attempt_open_number",
            postgresql_where=sa.text("state <> 'over'"),
            sqlite_where=sa.text("state <> 'over'"),
        )
        batch_op.drop_index(
            "uq_attempt_open_callback",
            postgresql_where=sa.text("state <> 'over'"),
            sqlite_where=sa.text("state <> 'over'"),
        )
        batch_op.drop_index(batch_op.f("ix_attempt_agent_id"))
    op.drop_table("attempt")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_absence_ends_at"))
    op.drop_table("absence")
    with op.batch_alter_table("officer", schema=None) as batch_op:
        batch_op.drop_index("ix_officer_line_role")
    op.drop_table("officer")
    with op.batch_alter_table("callback", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_callback_open",
            postgresql_where=sa.text("closed_at IS NULL AND origin <> 'booking'"),
            sqlite_where=sa.text("closed_at IS NULL AND origin <> 'booking'"),
        )
        batch_op.drop_index(batch_op.f("ix_callback_receipt_number"))
        batch_op.drop_index("ix_callback_queue")
        batch_op.drop_index(batch_op.f("ix_callback_officer_id"))
        batch_op.drop_index("ix_callback_number")
        batch_op.drop_index(batch_op.f("ix_callback_due_at"))
        batch_op.drop_index(batch_op.f("ix_callback_call_id"))
    op.drop_table("callback")
    op.drop_table("booking_slot")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_booking_receipt"))
        batch_op.drop_index(batch_op.f("ix_booking_number_index"))
        batch_op.drop_index("ix_booking_line_starts")
        batch_op.drop_index(batch_op.f("ix_booking_callback_id"))
    op.drop_table("booking")
