"""messages by several providers, read out, refused."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "opt_out",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opt_out")),
    )
    with op.batch_alter_table("opt_out", schema=None) as batch_op:
        batch_op.create_index(
            "uq_opt_out_standing",
            ["number_index", "line", "scope"],
            unique=True,
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        )
    op.create_table(
        "provider_share",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("fixed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("weighed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_provider_share")),
    )
    op.create_table(
        "message_attempt",
        sa.Column("message_id", sa.String(length=60), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("unanswered", sa.Boolean(), nullable=False),
        sa.Column("error", sa.String(length=200), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_attempt_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", "ordinal", name=op.f("pk_message_attempt")),
    )
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_attempt_made_at"), ["made_at"], unique=False)
    op.create_table(
        "reading",
        sa.Column("message_id", sa.String(length=60), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("leg_sid", sa.String(length=64), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_reading_message_id_message")),
        sa.PrimaryKeyConstraint("message_id", "ordinal", name=op.f("pk_reading")),
    )
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.create_index(
            "uq_reading_open_number",
            ["number_index"],
            unique=True,
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(length=80), nullable=True))
        batch_op.add_column(sa.Column("mended", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("provider", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("again_of", sa.String(length=60), nullable=True))
        batch_op.add_column(sa.Column("worth_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("call_id", existing_type=sa.VARCHAR(length=30), nullable=True)
        batch_op.create_index(batch_op.f("ix_message_again_of"), ["again_of"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_subject"), ["subject"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_written_at"), ["written_at"], unique=False)

    _fill_messages()
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.alter_column("subject", existing_type=sa.String(length=80), nullable=False)
        batch_op.alter_column("attempts", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("worth_until", existing_type=sa.DateTime(timezone=True), nullable=False)


def _fill_messages() -> None:
    """Messages written before were all about a call, worth sending for an hour; final states have ranks of their own."""
    hour = (
        "strftime('%Y-%m-%d %H:%M:%f000', written_at, '+1 hour')" if _is_sqlite() else "written_at + INTERVAL '1 hour'"
    )
    rank = "CASE state WHEN 'failed' THEN 6 WHEN 'undelivered' THEN 7 WHEN 'delivered' THEN 9 ELSE rank END"
    subject = "'call:' || call_id"
    op.execute(f"UPDATE message SET subject = {subject}, attempts = 0, worth_until = {hour}, rank = {rank}")  # noqa: S608


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def downgrade() -> None:
    """Take the revision back."""
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_written_at"))
        batch_op.drop_index(batch_op.f("ix_message_subject"))
        batch_op.drop_index(batch_op.f("ix_message_again_of"))
        batch_op.alter_column("call_id", existing_type=sa.VARCHAR(length=30), nullable=False)
        batch_op.drop_column("delivered_at")
        batch_op.drop_column("worth_until")
        batch_op.drop_column("again_of")
        batch_op.drop_column("attempts")
        batch_op.drop_column("provider")
        batch_op.drop_column("mended")
        batch_op.drop_column("subject")
    with op.batch_alter_table("reading", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_reading_open_number",
            postgresql_where=sa.text("closed_at IS NULL"),
            sqlite_where=sa.text("closed_at IS NULL"),
        )
    op.drop_table("reading")
    with op.batch_alter_table("message_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_attempt_made_at"))
    op.drop_table("message_attempt")
    op.drop_table("provider_share")
    with op.batch_alter_table("opt_out", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_opt_out_standing",
            postgresql_where=sa.text("withdrawn_at IS NULL"),
            sqlite_where=sa.text("withdrawn_at IS NULL"),
        )
    op.drop_table("opt_out")
