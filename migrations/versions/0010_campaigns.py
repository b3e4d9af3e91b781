"""Questionnaires, interviews, campaigns, dials, quotas and charges."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "answer",
    "call_allowance",
    "campaign",
    "campaign_deed",
    "charge",
    "dial",
    "follow_up",
    "interview",
    "pace",
    "questionnaire",
    "quota",
    "target",
)
# As they were when this revision was written; a guard compares the newest ones with the models.
POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION target_insert_check() RETURNS trigger LANGUAGE plpgsql
SET enable_nestloop = on SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
    IF EXISTS (
        SELECT 1
        FROM added
        LEFT JOIN campaign ON campaign.id = added.campaign_id
        LEFT JOIN consent ON consent.id = added.consent_id
            AND consent.person_id = added.person_id AND consent.purpose = campaign.purpose
        WHERE consent.id IS NULL
    ) THEN
        RAISE EXCEPTION 'a target needs the consent of its own person, for the purpose of its campaign'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$
""",
    """
CREATE TRIGGER target_insert_check AFTER INSERT ON target
REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION target_insert_check()
""",
    """
CREATE OR REPLACE FUNCTION target_update_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM campaign
        JOIN consent ON consent.id = NEW.consent_id
            AND consent.person_id = NEW.person_id AND consent.purpose = campaign.purpose
        WHERE campaign.id = NEW.campaign_id
    ) THEN
        RAISE EXCEPTION 'a target needs the consent of its own person, for the purpose of its campaign'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER target_update_check BEFORE UPDATE OF campaign_id, person_id, consent_id ON target
FOR EACH ROW EXECUTE FUNCTION target_update_check()
""",
    """
CREATE OR REPLACE FUNCTION campaign_purpose_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.purpose <> OLD.purpose AND EXISTS (SELECT 1 FROM target WHERE target.campaign_id = OLD.id) THEN
        RAISE EXCEPTION 'the purpose of a campaign that has targets cannot be changed'
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
""",
    """
CREATE TRIGGER campaign_purpose_check BEFORE UPDATE OF purpose ON campaign
FOR EACH ROW EXECUTE FUNCTION campaign_purpose_check()
""",
)
SQLITE = (
    """
CREATE TRIGGER target_insert_check BEFORE INSERT ON target FOR EACH ROW
WHEN NOT EXISTS (
    SELECT 1 FROM consent WHERE id = NEW.consent_id AND person_id = NEW.person_id
        AND purpose = (SELECT purpose FROM campaign WHERE id = NEW.campaign_id)
)
BEGIN SELECT RAISE(ABORT, 'a target needs the consent of its own person, for the purpose of its campaign'); END
""",
    """
CREATE TRIGGER target_update_check BEFORE UPDATE OF campaign_id, person_id, consent_id ON target FOR EACH ROW
WHEN NOT EXISTS (
    SELECT 1 FROM consent WHERE id = NEW.consent_id AND person_id = NEW.person_id
        AND purpose = (SELECT purpose FROM campaign WHERE id = NEW.campaign_id)
)
BEGIN SELECT RAISE(ABORT, 'a target needs the consent of its own person, for the purpose of its campaign'); END
""",
    """
CREATE TRIGGER campaign_purpose_check BEFORE UPDATE OF purpose ON campaign FOR EACH ROW
WHEN NEW.purpose <> OLD.purpose AND EXISTS (SELECT 1 FROM target WHERE target.campaign_id = OLD.id)
BEGIN SELECT RAISE(ABORT, 'the purpose of a campaign that has targets cannot be changed'); END
""",
)
# On PostgreSQL a function outlives the table of its trigger.
FUNCTIONS = ("campaign_purpose_check", "target_update_check", "target_insert_check")


def upgrade() -> None:
    """Apply the revision."""
    op.create_table(
        "answer",
        sa.Column("interview_id", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("recording_sid", sa.String(length=64), nullable=True),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("interview_id", "question", name=op.f("pk_answer")),
    )
    op.create_table(
        "call_allowance",
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("line", "firm", "month", name=op.f("pk_call_allowance")),
    )
    op.create_table(
        "campaign",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=True),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("questionnaire", sa.String(length=40), nullable=False),
        sa.Column("questionnaire_version", sa.Integer(), nullable=True),
        sa.Column("audience_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=60), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=60), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=True),
        sa.Column("checked_by", sa.String(length=60), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rehearsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rehearsal", sa.JSON(), nullable=True),
        sa.Column("approved_by", sa.String(length=60), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("launched_by", sa.String(length=60), nullable=True),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chosen_up_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_up_to", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("close_reason", sa.String(length=60), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("id", "purpose", name=op.f("uq_campaign_id_purpose")),
    )
    op.create_table(
        "campaign_deed",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("detail", sa.String(length=400), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_deed")),
    )
    op.create_index(op.f("ix_campaign_deed_campaign_id"), "campaign_deed", ["campaign_id"], unique=False)
    op.create_table(
        "charge",
        sa.Column("dial_id", sa.String(length=40), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("firm", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("is_free", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("dial_id", name=op.f("pk_charge")),
    )
    op.create_index("ix_charge_month", "charge", ["line", "firm", "month", "state"], unique=False)
    op.create_table(
        "dial",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("number_index", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("dialled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("call_sid", sa.String(length=64), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dial")),
        sa.UniqueConstraint("campaign_id", "person_id", "ordinal", name=op.f("uq_dial_campaign_id_person_id_ordinal")),
    )
    op.create_index("ix_dial_number", "dial", ["number_index", "dialled_at"], unique=False)
    op.create_index(
        "ix_dial_open",
        "dial",
        ["campaign_id", "dialled_at"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "uq_dial_open_number",
        "dial",
        ["number_index"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "follow_up",
        sa.Column("interview_id", sa.String(length=40), nullable=False),
        sa.Column("question", sa.String(length=40), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=60), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("interview_id", "question", name=op.f("pk_follow_up")),
    )
    op.create_table(
        "interview",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("questionnaire", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("line", sa.String(length=40), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("call_id", sa.String(length=40), nullable=True),
        sa.Column("agent_id", sa.String(length=40), nullable=True),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disposition", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interview")),
    )
    op.create_index("ix_interview_campaign", "interview", ["campaign_id", "disposition"], unique=False)
    op.create_index("ix_interview_line", "interview", ["line", "began_at"], unique=False)
    op.create_index("ix_interview_person", "interview", ["campaign_id", "person_id"], unique=False)
    op.create_table(
        "pace",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_pace")),
    )
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("based_on", sa.String(length=40), nullable=True),
        sa.Column("kept_by", sa.String(length=60), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_questionnaire")),
    )
    op.create_table(
        "quota",
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("campaign_id", "group", name=op.f("pk_quota")),
    )
    op.create_table(
        "target",
        sa.Column(
            "campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column(
            "person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("group", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("disposition", sa.String(length=20), nullable=False),
        sa.Column("why", sa.String(length=40), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("campaign_id", "person_id", name=op.f("pk_target")),
    )
    op.create_index(
        "ix_target_leased",
        "target",
        ["campaign_id", "lease_until"],
        unique=False,
        postgresql_where=sa.text("lease_until IS NOT NULL"),
        sqlite_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_index(
        "ix_target_scheduled",
        "target",
        ["campaign_id", "next_at"],
        unique=False,
        postgresql_where=sa.text("next_at IS NOT NULL"),
        sqlite_where=sa.text("next_at IS NOT NULL"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Take the revision back."""
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        for function in FUNCTIONS:
            op.execute(f"DROP FUNCTION {function}()")
