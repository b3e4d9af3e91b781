"""cases, documents, access to the API, and verdicts of them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=True),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
    )
    op.create_table(
        "document",
        sa.Column("id", sa.String(length=21), nullable=False),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("sender", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.String(length=64), nullable=True),
        sa.Column("contact", sa.String(length=20), nullable=False),
        sa.Column("no_contact", sa.String(length=20), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("missing", sa.JSON(), nullable=False),
        sa.Column("missing_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rounds", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_line_state", ["line", "state", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_number_index"), ["number_index"], unique=False)
        batch_op.create_index("uq_document_reference", ["line", "reference"], unique=True)
    op.create_table(
        "customer_case",
        sa.Column("id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("receipt_number", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("handler", sa.String(length=60), nullable=True),
        sa.Column("officer_id", sa.String(length=40), nullable=True),
        sa.Column("about_officer_id", sa.String(length=40), nullable=True),
        sa.Column("customer", sa.LargeBinary(), nullable=True),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("number_index", sa.String(length=64), nullable=True),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("reply_by", sa.String(length=20), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("direction", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("call_id", sa.String(length=30), nullable=True),
        sa.Column("objects_to", sa.String(length=30), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("standard_id", sa.String(length=60), nullable=True),
        sa.Column("owed", sa.String(length=20), nullable=False),
        sa.Column("first_owed", sa.String(length=20), nullable=False),
        sa.Column("slips", sa.Integer(), nullable=False),
        sa.Column("tellings", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("rating_key", sa.String(length=64), nullable=True),
        sa.Column("is_test", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_customer_case_call_id_call")),
        sa.ForeignKeyConstraint(
            ["objects_to"], ["customer_case.id"], name=op.f("fk_customer_case_objects_to_customer_case")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_case")),
        sa.UniqueConstraint("rating_key", name=op.f("uq_customer_case_rating_key")),
    )
    with op.batch_alter_table("customer_case", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_case_about_officer_id"), ["about_officer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_case_call_id"), ["call_id"], unique=False)
        batch_op.create_index("ix_customer_case_line_received", ["line", "received_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_case_number_index"), ["number_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_case_objects_to"), ["objects_to"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_case_officer_id"), ["officer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_customer_case_receipt_number"), ["receipt_number"], unique=False)
        batch_op.create_index("ix_customer_case_state_due", ["state", "due_at"], unique=False)
    op.create_table(
        "kept_answer",
        sa.Column("token_id", sa.String(length=12), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["token_id"], ["api_token.id"], name=op.f("fk_kept_answer_token_id_api_token")),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_kept_answer")),
    )
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.create_index("ix_kept_answer_made_at", ["made_at"], unique=False)
    op.create_table(
        "rating_entry",
        sa.Column("id", sa.String(length=60), nullable=False),
        sa.Column("case_id", sa.String(length=30), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("holder", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["customer_case.id"], name=op.f("fk_rating_entry_case_id_customer_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating_entry")),
    )
    with op.batch_alter_table("rating_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_entry_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_rating_entry_holder", ["line", "holder", "name"], unique=False)
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.alter_column(
            "subject", existing_type=sa.VARCHAR(length=40), type_=sa.String(length=60), existing_nullable=False
        )
        batch_op.alter_column("call_id", existing_type=sa.VARCHAR(length=30), nullable=True)
        batch_op.create_index(batch_op.f("ix_verdict_subject"), ["subject"], unique=False)


def downgrade() -> None:
    """Take the revision back."""
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_verdict_subject"))
        batch_op.alter_column("call_id", existing_type=sa.VARCHAR(length=30), nullable=False)
        batch_op.alter_column(
            "subject", existing_type=sa.String(length=60), type_=sa.VARCHAR(length=40), existing_nullable=False
        )
    with op.batch_alter_table("rating_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_rating_entry_holder")
        batch_op.drop_index(batch_op.f("ix_rating_entry_case_id"))
    op.drop_table("rating_entry")
    with op.batch_alter_table("kept_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_kept_answer_made_at")
    op.drop_table("kept_answer")
    with op.batch_alter_table("customer_case", schema=None) as batch_op:
        batch_op.drop_index("ix_customer_case_state_due")
        batch_op.drop_index(batch_op.f("ix_customer_case_receipt_number"))
        batch_op.drop_index(batch_op.f("ix_customer_case_officer_id"))
        batch_op.drop_index(batch_op.f("ix_customer_case_objects_to"))
        batch_op.drop_index(batch_op.f("ix_customer_case_number_index"))
        batch_op.drop_index("ix_customer_case_line_received")
        batch_op.drop_index(batch_op.f("ix_customer_case_call_id"))
        batch_op.drop_index(batch_op.f("ix_customer_case_about_officer_id"))
    op.drop_table("customer_case")
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.drop_index("uq_document_reference")
        batch_op.drop_index(batch_op.f("ix_document_number_index"))
        batch_op.drop_index("ix_document_line_state")
    op.drop_table("document")
    op.drop_table("api_token")
