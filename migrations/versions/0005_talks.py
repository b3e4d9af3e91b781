"""transfers, openings, incidents, and what the rows of a call know of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "incident",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("cause", sa.String(length=20), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lawful", sa.Boolean(), nullable=True),
        sa.Column("keep_recording", sa.Boolean(), nullable=False),
        sa.Column("appeal", sa.LargeBinary(), nullable=True),
        sa.Column("appeal_by", sa.LargeBinary(), nullable=True),
        sa.Column("appealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_incident_agent_id_agent")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_incident_call_id_call")),
        sa.ForeignKeyConstraint(["id"], ["offer.id"], name=op.f("fk_incident_id_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_call_id"), ["call_id"], unique=False)
        batch_op.create_index("ix_incident_line_at", ["line", "at"], unique=False)
    op.create_table(
        "opening",
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("agent_id", sa.String(length=40), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recording_sid", sa.String(length=64), nullable=True),
        sa.Column("recording_seconds", sa.Integer(), nullable=True),
        sa.Column("finding", sa.String(length=20), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("closing", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agent.id"], name=op.f("fk_opening_agent_id_agent")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_opening_call_id_call")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_opening_offer_id_offer")),
        sa.PrimaryKeyConstraint("offer_id", name=op.f("pk_opening")),
    )
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_call_id"), ["call_id"], unique=False)
        batch_op.create_index("ix_opening_line_joined", ["line", "joined_at"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("call_id", sa.String(length=30), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("manner", sa.String(length=20), nullable=False),
        sa.Column("from_offer", sa.String(length=40), nullable=False),
        sa.Column("to_agent", sa.String(length=40), nullable=False),
        sa.Column("to_offer", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_transfer_call_id_call")),
        sa.ForeignKeyConstraint(["from_offer"], ["offer.id"], name=op.f("fk_transfer_from_offer_offer")),
        sa.ForeignKeyConstraint(["to_agent"], ["agent.id"], name=op.f("fk_transfer_to_agent_agent")),
        sa.ForeignKeyConstraint(["to_offer"], ["offer.id"], name=op.f("fk_transfer_to_offer_offer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_to_agent"), ["to_agent"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_to_offer"), ["to_offer"], unique=False)
        batch_op.create_index("uq_transfer_ordinal", ["call_id", "ordinal"], unique=True)
    op.create_table(
        "utterance",
        sa.Column("transcription", sa.String(length=64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_utterance_offer_id_offer")),
        sa.PrimaryKeyConstraint("transcription", "sequence", name=op.f("pk_utterance")),
    )
    with op.batch_alter_table("utterance", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_utterance_offer_id"), ["offer_id"], unique=False)
    op.create_table(
        "opening_review",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("offer_id", sa.String(length=40), nullable=False),
        sa.Column("finding", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["offer_id"], ["opening.offer_id"], name=op.f("fk_opening_review_offer_id_opening")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_review")),
    )
    with op.batch_alter_table("opening_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opening_review_offer_id"), ["offer_id"], unique=False)
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("direct_number", sa.String(length=20), nullable=True))
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("team", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("skill", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("wrapped_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("purpose", sa.String(length=20), nullable=True))
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("agent_id", sa.String(length=40), nullable=True))


def downgrade() -> None:
    """Take the revision back."""
    with op.batch_alter_table("waiting", schema=None) as batch_op:
        batch_op.drop_column("agent_id")
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_column("purpose")
        batch_op.drop_column("wrapped_at")
        batch_op.drop_column("skill")
        batch_op.drop_column("team")
    with op.batch_alter_table("agent", schema=None) as batch_op:
        batch_op.drop_column("direct_number")
    with op.batch_alter_table("opening_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_opening_review_offer_id"))
    op.drop_table("opening_review")
    with op.batch_alter_table("utterance", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_utterance_offer_id"))
    op.drop_table("utterance")
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.drop_index("uq_transfer_ordinal")
        batch_op.drop_index(batch_op.f("ix_transfer_to_offer"))
        batch_op.drop_index(batch_op.f("ix_transfer_to_agent"))
    op.drop_table("transfer")
    with op.batch_alter_table("opening", schema=None) as batch_op:
        batch_op.drop_index("ix_opening_line_joined")
        batch_op.drop_index(batch_op.f("ix_opening_call_id"))
    op.drop_table("opening")
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.drop_index("ix_incident_line_at")
        batch_op.drop_index(batch_op.f("ix_incident_call_id"))
    op.drop_table("incident")
