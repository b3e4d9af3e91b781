"""Accounts, sessions, the access log, desks, editions of lines, and supervisors beside talks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "access_chain",
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("line", name=op.f("pk_access_chain")),
    )
    op.create_table(
        "access_entry",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_entry")),
        sa.UniqueConstraint("line", "place", name=op.f("uq_access_entry_line_place")),
    )
    op.create_index("ix_access_entry_line_at", "access_entry", ["line", "at"], unique=False)
    op.create_index("ix_access_entry_subject", "access_entry", ["subject"], unique=False)
    op.create_table(
        "account_entry",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("done_by", sa.String(length=40), nullable=False),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_entry")),
    )
    op.create_index("ix_account_entry_account", "account_entry", ["account_id", "at"], unique=False)
    op.create_table(
        "edition",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=60), nullable=True),
        sa.Column("withdrawn_reason", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("line", "kind", "key", "version", name=op.f("uq_edition_line_kind_key_version")),
    )
    op.create_table(
        "sign_in_watch",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_watch")),
    )
    op.create_index("ix_sign_in_watch_failed_at", "sign_in_watch", ["failed_at"], unique=False)
    op.create_table(
        "desk_presence",
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("session_id", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_desk_presence_agent_id_agent")),
        sa.PrimaryKeyConstraint("agent_id", "session_id", name=op.f("pk_desk_presence")),
    )
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("password_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("password_is_temporary", sa.Boolean(), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("second_factor", sa.LargeBinary(), nullable=True),
        sa.Column("second_factor_step", sa.Integer(), nullable=True),
        sa.Column("next_factor", sa.LargeBinary(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"], name=op.f("fk_account_officer_id_officer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("officer_id", name=op.f("uq_account_officer_id")),
        sa.UniqueConstraint("subject", name=op.f("uq_account_subject")),
    )
    op.create_table(
        "monitoring",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("softphone", sa.String(length=60), nullable=False),
        sa.Column("mode", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("leg_sid", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_monitoring_call_id_call")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_monitoring_offer_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitoring")),
    )
    op.create_index("ix_monitoring_offer", "monitoring", ["offer_id", "ended_at"], unique=False)
    op.create_index(
        "uq_monitoring_open",
        "monitoring",
        ["account_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "wrap_up",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=True),
        sa.Column("callback_id", sa.String(length=30), nullable=True),
        sa.Column("memo", sa.LargeBinary(), nullable=True),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("coded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_wrap_up_agent_id_agent")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_wrap_up_call_id_call")),
        sa.ForeignKeyConstraint(["callback_id"], ["callback.id"], name=op.f("fk_wrap_up_callback_id_callback")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrap_up")),
    )
    op.create_index("ix_wrap_up_agent_id", "wrap_up", ["agent_id"], unique=False)
    op.create_index("ix_wrap_up_call_id", "wrap_up", ["call_id"], unique=False)
    op.create_index("ix_wrap_up_callback_id", "wrap_up", ["callback_id"], unique=False)
    op.create_table(
        "account_grant",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_grant_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "line", "role", name=op.f("pk_account_grant")),
    )
    op.create_table(
        "console_session",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_console_session_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_console_session")),
    )
    op.create_index("ix_console_session_account", "console_session", ["account_id", "ended_at"], unique=False)
    op.create_table(
        "recovery_code",
        sa.Column("account_id", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_recovery_code_account_id_account")),
        sa.PrimaryKeyConstraint("account_id", "digest", name=op.f("pk_recovery_code")),
    )
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leaving", sa.String(length=30), nullable=True))
    op.drop_index("ix_attempt_agent_id", table_name="attempt")
    op.create_index("ix_attempt_agent_closed", "attempt", ["agent_id", "closed_at"], unique=False)
    op.drop_index("ix_offer_agent_id", table_name="offer")
    op.create_index("ix_offer_agent_closed", "offer", ["agent_id", "closed_at"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    op.drop_index("ix_offer_agent_closed", table_name="offer")
    op.create_index("ix_offer_agent_id", "offer", ["agent_id"], unique=False)
    op.drop_index("ix_attempt_agent_closed", table_name="attempt")
    op.create_index("ix_attempt_agent_id", "attempt", ["agent_id"], unique=False)
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("leaving")
    op.drop_table("recovery_code")
    op.drop_index("ix_console_session_account", table_name="console_session")
    op.drop_table("console_session")
    op.drop_table("account_grant")
    op.drop_index("ix_wrap_up_callback_id", table_name="wrap_up")
    op.drop_index("ix_wrap_up_call_id", table_name="wrap_up")
    op.drop_index("ix_wrap_up_agent_id", table_name="wrap_up")
    op.drop_table("wrap_up")
    op.drop_index(
        "uq_monitoring_open",
        table_name="monitoring",
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index("ix_monitoring_offer", table_name="monitoring")
    op.drop_table("monitoring")
    op.drop_table("account")
    op.drop_table("desk_presence")
    op.drop_index("ix_sign_in_watch_failed_at", table_name="sign_in_watch")
    op.drop_table("sign_in_watch")
    op.drop_table("edition")
    op.drop_index("ix_account_entry_account", table_name="account_entry")
    op.drop_table("account_entry")
    op.drop_index("ix_access_entry_subject", table_name="access_entry")
    op.drop_index("ix_access_entry_line_at", table_name="access_entry")
    op.drop_table("access_entry")
    op.drop_table("access_chain")
