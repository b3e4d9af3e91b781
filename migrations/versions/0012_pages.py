"""What pages of the console need: uploads and errands, recordings, sums of verdicts, publications, indexes."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "booking_request",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("customer", sa.LargeBinary(), nullable=True),
        sa.Column("topic", sa.LargeBinary(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_request")),
    )
    op.create_index("ix_booking_request_line_asked", "booking_request", ["line", "asked_at"], unique=False)
    op.create_index("ix_booking_request_number_index", "booking_request", ["number_index"], unique=False)
    op.create_table(
        "errand",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=False),
        sa.Column("args", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("touched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("is_stopping", sa.Boolean(), nullable=False),
        sa.Column("trouble", sa.String(length=600), nullable=False),
        sa.Column("result", sa.JSON(), nullable=True),
        sa.Column("over_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    op.create_index("ix_errand_line", "errand", ["line", "id"], unique=False)
    op.create_index(
        "uq_errand_open",
        "errand",
        ["kind", "subject"],
        unique=True,
        postgresql_where=sa.text("over_at IS NULL"),
        sqlite_where=sa.text("over_at IS NULL"),
    )
    op.create_table(
        "published",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=10), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published")),
        sa.UniqueConstraint("line", "period", "ordinal", name=op.f("uq_published_line_period_ordinal")),
    )
    op.create_table(
        "questionnaire_draft",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("based_on", sa.String(length=40), nullable=True),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("published", sa.Integer(), nullable=True),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_draft")),
    )
    op.create_table(
        "upload",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kept_by", sa.String(length=60), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upload")),
    )
    op.create_table(
        "verdict_sum",
        sa.Column("institution", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("standard_id", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("institution", "day", "standard_id", "version", "verdict", name=op.f("pk_verdict_sum")),
    )
    op.create_table(
        "recording",
        sa.Column("sid", sa.String(length=64), nullable=False),
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("peaks", sa.JSON(), nullable=False),
        sa.Column("file", sa.String(length=80), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("keep_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_recording_call_id_call")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_recording_offer_id_offer")),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_recording")),
    )
    op.create_index("ix_recording_call_id", "recording", ["call_id"], unique=False)
    op.create_index("ix_recording_offer_id", "recording", ["offer_id"], unique=False)
    op.create_index(
        "ix_call_going_on",
        "call",
        ["line", "arrived_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index("ix_call_line_outcome", "call", ["line", "outcome", "arrived_at"], unique=False)
    op.create_index("ix_call_figure_team", "call_figure", ["line", "team", "arrived_at"], unique=False)
    op.create_index(
        "ix_callback_due",
        "callback",
        ["line", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("ix_callback_over", "callback", ["line", "closed_at", "id", "outcome"], unique=False)
    op.create_index(
        "ix_customer_case_due",
        "customer_case",
        ["line", "due_at", "id"],
        unique=False,
        postgresql_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
    )
    op.create_index(
        "ix_message_line_written", "message", ["line", "written_at", "id", "state", "template"], unique=False
    )
    op.create_index(
        "ix_message_missed",
        "message",
        ["line", "written_at", "id", "state"],
        unique=False,
        postgresql_where=sa.text("state IN ('suppressed', 'expired', 'failed', 'undelivered')"),
        sqlite_where=sa.text("state IN ('suppressed', 'expired', 'failed', 'undelivered')"),
    )
    op.create_index("ix_offer_figure_agent", "offer_figure", ["line", "agent", "arrived_at", "call_id"], unique=False)
    op.create_index("ix_opt_out_line_asked", "opt_out", ["line", "asked_at", "id"], unique=False)
    op.create_index(
        "ix_verdict_fault",
        "verdict",
        ["institution", "verdict", "day", "standard_id"],
        unique=False,
        postgresql_where=sa.text("verdict IN ('missed', 'indeterminate')"),
        sqlite_where=sa.text("verdict IN ('missed', 'indeterminate')"),
    )
    # Until now verdicts were counted each time.
    op.execute(
        "INSERT INTO verdict_sum (institution, day, standard_id, version, verdict, number) "
        "SELECT institution, day, standard_id, version, verdict, count(*) FROM verdict GROUP BY 1, 2, 3, 4, 5"
    )
    # A month's row holds a number only where somebody has set one.
    with op.batch_alter_table("call_allowance") as batch_op:
        batch_op.alter_column("calls", existing_type=sa.Integer(), nullable=True)


def downgrade() -> None:
    """Take the revision back."""
    op.execute("DELETE FROM call_allowance WHERE calls IS NULL")
    with op.batch_alter_table("call_allowance") as batch_op:
        batch_op.alter_column("calls", existing_type=sa.Integer(), nullable=False)
    op.drop_index(
        "ix_verdict_fault",
        table_name="verdict",
        postgresql_where=sa.text("verdict IN ('missed', 'indeterminate')"),
        sqlite_where=sa.text("verdict IN ('missed', 'indeterminate')"),
    )
    op.drop_index("ix_opt_out_line_asked", table_name="opt_out")
    op.drop_index("ix_offer_figure_agent", table_name="offer_figure")
    op.drop_index(
        "ix_message_missed",
        table_name="message",
        postgresql_where=sa.text("state IN ('suppressed', 'expired', 'failed', 'undelivered')"),
        sqlite_where=sa.text("state IN ('suppressed', 'expired', 'failed', 'undelivered')"),
    )
    op.drop_index("ix_message_line_written", table_name="message")
    op.drop_index(
        "ix_customer_case_due",
        table_name="customer_case",
        postgresql_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
        sqlite_where=sa.text("answered_at IS NULL AND closed_at IS NULL"),
    )
    op.drop_index("ix_callback_over", table_name="callback")
    op.drop_index(
        "ix_callback_due",
        table_name="callback",
        postgresql_where=sa.text("closed_at IS NULL"),
        sqlite_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index("ix_call_figure_team", table_name="call_figure")
    op.drop_index("ix_call_line_outcome", table_name="call")
    op.drop_index(
        "ix_call_going_on",
        table_name="call",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_recording_offer_id", table_name="recording")
    op.drop_index("ix_recording_call_id", table_name="recording")
    op.drop_table("recording")
    op.drop_table("verdict_sum")
    op.drop_table("upload")
    op.drop_table("questionnaire_draft")
    op.drop_table("published")
    op.drop_index(
        "uq_errand_open",
        table_name="errand",
        postgresql_where=sa.text("over_at IS NULL"),
        sqlite_where=sa.text("over_at IS NULL"),
    )
    op.drop_index("ix_errand_line", table_name="errand")
    op.drop_table("errand")
    op.drop_index("ix_booking_request_number_index", table_name="booking_request")
    op.drop_index("ix_booking_request_line_asked", table_name="booking_request")
    op.drop_table("booking_request")
