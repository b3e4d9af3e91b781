"""The shared centre: firms, contracts, knowledge, repairs, usage, statements, forecasts; the firm of a call."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "billing_mark",
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_billing_mark")),
    )
    op.create_table(
        "contract_security",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("contract_id", sa.String(length=21), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("proof", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("carried_to", sa.String(length=21), nullable=True),
        sa.Column("noted_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract_security")),
    )
    op.create_index("ix_contract_security_contract", "contract_security", ["contract_id"], unique=False)

    op.create_table(
        "firm",
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("registration", sa.String(length=10), nullable=False),
        sa.Column("products", sa.JSON(), nullable=False),
        sa.Column("is_manufacturer", sa.Boolean(), nullable=False),
        sa.Column("is_made_here", sa.Boolean(), nullable=False),
        sa.Column("is_of_group", sa.Boolean(), nullable=False),
        sa.Column("is_regulated", sa.Boolean(), nullable=False),
        sa.Column("selected_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line", "id", name=op.f("pk_firm")),
    )
    op.create_index("uq_firm_registration", "firm", ["line", "registration"], unique=True)

    op.create_table(
        "firm_event",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("contract_id", sa.String(length=21), nullable=True),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firm_event")),
    )
    op.create_index("ix_firm_event_firm", "firm_event", ["line", "firm", "id"], unique=False)

    op.create_table(
        "forecast",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("history_from", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_forecast")),
    )
    op.create_index("ix_forecast_line", "forecast", ["line", "team", "first_day"], unique=False)

    op.create_table(
        "knowledge",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("entry", sa.String(length=21), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("sought", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_knowledge")),
        sa.UniqueConstraint("entry", "version", name=op.f("uq_knowledge_entry_version")),
    )
    op.create_index("ix_knowledge_line", "knowledge", ["line", "firm"], unique=False)

    op.create_table(
        "legal_hold",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("set_by", sa.String(length=60), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(length=60), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
    )
    op.create_index("ix_legal_hold_subject", "legal_hold", ["kind", "subject"], unique=False)

    op.create_table(
        "price_list",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_list")),
        sa.UniqueConstraint("line", "version", name=op.f("uq_price_list_line_version")),
    )
    op.create_table(
        "purge_entry",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("deed", sa.String(length=20), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("seal", sa.String(length=44), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purge_entry")),
    )
    op.create_table(
        "shift",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=False),
        sa.Column("weekdays", sa.String(length=7), nullable=False),
        sa.Column("begins", sa.SmallInteger(), nullable=False),
        sa.Column("ends", sa.SmallInteger(), nullable=False),
        sa.Column("agents", sa.SmallInteger(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=120), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")),
    )
    op.create_index("ix_shift_line", "shift", ["line", "team", "first_day"], unique=False)

    op.create_table(
        "statement",
        sa.Column("id", sa.String(length=90), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("support", sa.BigInteger(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("usage_noted_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("line", "month", "firm", name=op.f("uq_statement_line_month_firm")),
    )
    op.create_table(
        "usage",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=60), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_usage")),
    )
    op.create_index(
        "ix_usage_month", "usage", ["line", "month", "firm", "kind", "noted_at", "day", "quantity"], unique=False
    )
    op.create_index("ix_usage_noted", "usage", ["line", "month", "noted_at"], unique=False)
    op.create_index("ix_usage_source", "usage", ["kind", "source"], unique=False)

    op.create_table(
        "contract",
        sa.Column("id", sa.String(length=21), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("monthly_calls", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("clauses", sa.JSON(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=60), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["line", "firm"], ["firm.line", "firm.id"], name=op.f("fk_contract_line_firm_firm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contract")),
    )
    op.create_index("ix_contract_firm", "contract", ["line", "firm", "first_day"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("statement_id", sa.String(length=90), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("billed_in", sa.String(length=90), nullable=True),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_correction_statement_id_statement")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    op.create_index("ix_correction_open", "correction", ["line", "firm", "billed_in"], unique=False)

    op.create_table(
        "forecast_slot",
        sa.Column("forecast_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("slot", sa.SmallInteger(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("work_seconds", sa.Integer(), nullable=False),
        sa.Column("agents", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["forecast_id"], ["forecast.id"], name=op.f("fk_forecast_slot_forecast_id_forecast")),
        sa.PrimaryKeyConstraint("forecast_id", "day", "slot", name=op.f("pk_forecast_slot")),
    )
    op.create_table(
        "intake_review",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=True),
        sa.Column("mark", sa.String(length=20), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("marked_by", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_intake_review_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_review")),
    )
    op.create_index(op.f("ix_intake_review_call_id"), "intake_review", ["call_id"], unique=False)
    op.create_index("ix_intake_review_line", "intake_review", ["line", "marked_at"], unique=False)

    op.create_table(
        "repair",
        sa.Column("id", sa.String(length=21), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=True),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("product", sa.String(length=40), nullable=False),
        sa.Column("partner", sa.String(length=60), nullable=False),
        sa.Column("reference", sa.String(length=60), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("customer", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("place", sa.LargeBinary(), nullable=True),
        sa.Column("fault", sa.LargeBinary(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=300), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_repair_call_id_call")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repair")),
    )
    op.create_index(op.f("ix_repair_call_id"), "repair", ["call_id"], unique=False)
    op.create_index("ix_repair_firm", "repair", ["line", "firm", "asked_at"], unique=False)
    op.create_index("ix_repair_line_state", "repair", ["line", "state", "asked_at"], unique=False)
    op.create_index("uq_repair_reference", "repair", ["line", "partner", "reference"], unique=True)

    op.create_table(
        "statement_line",
        sa.Column("statement_id", sa.String(length=90), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("gross", sa.BigInteger(), nullable=False),
        sa.Column("support", sa.BigInteger(), nullable=False),
        sa.Column("owed", sa.BigInteger(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["statement_id"], ["statement.id"], name=op.f("fk_statement_line_statement_id_statement")
        ),
        sa.PrimaryKeyConstraint("statement_id", "ordinal", name=op.f("pk_statement_line")),
    )
    op.add_column("account_grant", sa.Column("firm", sa.String(length=40), server_default="", nullable=False))

    op.create_index("uq_agent_softphone", "agent", ["softphone"], unique=True)

    op.add_column("call", sa.Column("firm", sa.String(length=40), server_default="", nullable=False))
    op.create_index(
        "ix_call_firm",
        "call",
        ["line", "firm", "arrived_at"],
        unique=False,
        postgresql_where=sa.text("firm <> ''"),
        sqlite_where=sa.text("firm <> ''"),
    )
    op.drop_index("ix_call_caller_index", "call")
    op.drop_index("ix_call_receipt_number", "call")
    op.create_index("ix_call_caller", "call", ["caller_index", "line", "arrived_at"], unique=False)
    op.create_index("ix_call_receipt", "call", ["receipt_number", "line", "arrived_at"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    op.drop_index("ix_call_receipt", "call")
    op.drop_index("ix_call_caller", "call")
    op.create_index("ix_call_receipt_number", "call", ["receipt_number"], unique=False)
    op.create_index("ix_call_caller_index", "call", ["caller_index"], unique=False)
    op.drop_index("ix_call_firm", "call", postgresql_where=sa.text("firm <> ''"), sqlite_where=sa.text("firm <> ''"))
    op.drop_column("call", "firm")

    op.drop_index("uq_agent_softphone", "agent")

    op.drop_column("account_grant", "firm")

    op.drop_table("statement_line")
    op.drop_index("uq_repair_reference", "repair")
    op.drop_index("ix_repair_line_state", "repair")
    op.drop_index("ix_repair_firm", "repair")
    op.drop_index(op.f("ix_repair_call_id"), "repair")

    op.drop_table("repair")
    op.drop_index("ix_intake_review_line", "intake_review")
    op.drop_index(op.f("ix_intake_review_call_id"), "intake_review")

    op.drop_table("intake_review")
    op.drop_table("forecast_slot")
    op.drop_index("ix_correction_open", "correction")

    op.drop_table("correction")
    op.drop_index("ix_contract_firm", "contract")

    op.drop_table("contract")
    op.drop_index("ix_usage_source", "usage")
    op.drop_index("ix_usage_noted", "usage")
    op.drop_index("ix_usage_month", "usage")

    op.drop_table("usage")
    op.drop_table("statement")
    op.drop_index("ix_shift_line", "shift")

    op.drop_table("shift")
    op.drop_table("purge_entry")
    op.drop_table("price_list")
    op.drop_index("ix_legal_hold_subject", "legal_hold")

    op.drop_table("legal_hold")
    op.drop_index("ix_knowledge_line", "knowledge")

    op.drop_table("knowledge")
    op.drop_index("ix_forecast_line", "forecast")

    op.drop_table("forecast")
    op.drop_index("ix_firm_event_firm", "firm_event")

    op.drop_table("firm_event")
    op.drop_index("uq_firm_registration", "firm")

    op.drop_table("firm")
    op.drop_index("ix_contract_security_contract", "contract_security")

    op.drop_table("contract_security")
    op.drop_table("billing_mark")
