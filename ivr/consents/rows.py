"""The rows of the consent ledger, which only ever grows, and what stands by it at this moment."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ivr.base import Base, Moment, Word
from ivr.people.rows import PersonId


class Purpose(StrEnum):
    """What somebody agreed to be rung or written to for; each is agreed to by itself (PIPA, article 22)."""

    HAPPY_CALL = "happy_call"
    OPINION_SURVEY = "opinion_survey"
    MARKETING_SURVEY = "marketing_survey"
    ADVERTISING = "advertising"
    TELESALES = "telesales"


class Channel(StrEnum):
    """By which means somebody may be reached."""

    VOICE = "voice"
    TEXT = "text"


class Hours(StrEnum):
    """Day, or night from 21:00 to 08:00, which is agreed to separately (Network Act, article 50, paragraph 3)."""

    DAY = "day"
    NIGHT = "night"


class Means(StrEnum):
    """How somebody agreed or withdrew."""

    KEY = "key"
    RECORDING = "recording"
    WEB = "web"
    PAPER = "paper"
    IMPORT = "import"
    CONFIRMATION = "confirmation"
    AGENT = "agent"


_OWES_NOTICE = text("notice_due_at IS NOT NULL")


class Consent(Base):
    """One consent as it was given: an entry of the ledger, never changed or deleted (triggers see to it).

    `evidence` names the recording segment, the web request, the paper or the proof of an import; `source` is the
    statement of where the data come from, as it is read out. `expires_at` is the end of the last day on which it
    holds: two years less a day after it was given (decree 62-3). `notice_due_at` is when its giver must have been
    told that it was recorded, empty where that was done elsewhere (Network Act, article 50, paragraph 7).
    """

    __tablename__ = "consent"
    __table_args__ = (
        UniqueConstraint("id", "person_id", "purpose"),
        Index("ix_consent_person", "person_id"),
        Index("ix_consent_notice", "id", postgresql_where=_OWES_NOTICE, sqlite_where=_OWES_NOTICE),
    )

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    person_id: Mapped[int] = mapped_column(PersonId)
    line: Mapped[str] = mapped_column(String(40))
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    hours: Mapped[Hours] = mapped_column(Word(Hours))
    wording: Mapped[str] = mapped_column(String(40))
    how: Mapped[Means] = mapped_column(Word(Means))
    evidence: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(120))
    given_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[str] = mapped_column(String(60))
    notice_due_at: Mapped[datetime | None] = mapped_column(Moment)


class Withdrawal(Base):
    """A consent taken back: an entry of the ledger like it, with the consent's own purpose, channel and hours."""

    __tablename__ = "withdrawal"

    consent_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(PersonId, index=True)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose))
    channel: Mapped[Channel] = mapped_column(Word(Channel))
    hours: Mapped[Hours] = mapped_column(Word(Hours))
    how: Mapped[Means] = mapped_column(Word(Means))
    evidence: Mapped[str] = mapped_column(String(120))
    withdrawn_at: Mapped[datetime] = mapped_column(Moment)
    recorded_by: Mapped[str] = mapped_column(String(60))


class Standing(Base):
    """The consent that stands for a person and purpose: the newest one not taken back. Made from the ledger alone."""

    __tablename__ = "standing_consent"

    person_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    purpose: Mapped[Purpose] = mapped_column(Word(Purpose), primary_key=True)
    channel: Mapped[Channel] = mapped_column(Word(Channel), primary_key=True)
    hours: Mapped[Hours] = mapped_column(Word(Hours), primary_key=True)
    consent_id: Mapped[int] = mapped_column(PersonId)
    expires_at: Mapped[datetime] = mapped_column(Moment)


class NoticeKind(StrEnum):
    """What somebody is told: consent or withdrawal was recorded, everything is refused, or a consent runs out."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"
    EXPIRING = "expiring"


class ConsentNotice(Base):
    """What was written to somebody about an entry: `subject_id` is the consent's, or the suppression's (refused)."""

    __tablename__ = "consent_notice"

    kind: Mapped[NoticeKind] = mapped_column(Word(NoticeKind), primary_key=True)
    subject_id: Mapped[int] = mapped_column(PersonId, primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(PersonId, index=True)
    message_id: Mapped[str] = mapped_column(String(60))
    told_at: Mapped[datetime] = mapped_column(Moment)


class SuppressionScope(StrEnum):
    """Who may not ring a suppressed number: nobody here, one institution, or one campaign."""

    EVERYBODY = "everybody"
    INSTITUTION = "institution"
    CAMPAIGN = "campaign"


class Suppression(Base):
    """A number that is not to be rung, kept by its blind index alone, so that it outlives an erasure.

    `line` is empty for everybody's, `campaign_id` 0 where no single campaign is meant.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        Index(
            "uq_suppression_standing",
            "number_index",
            "scope",
            "line",
            "campaign_id",
            unique=True,
            postgresql_where=text("lifted_at IS NULL"),
            sqlite_where=text("lifted_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    scope: Mapped[SuppressionScope] = mapped_column(Word(SuppressionScope))
    line: Mapped[str] = mapped_column(String(40))
    campaign_id: Mapped[int] = mapped_column(PersonId, default=0)
    number_index: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(String(60))
    lifted_at: Mapped[datetime | None] = mapped_column(Moment)


class RegisterImport(Base):
    """One reading of the do-not-call register (Door-to-door Sales Act, article 42): the newest one counts."""

    __tablename__ = "register_import"

    id: Mapped[int] = mapped_column(PersonId, primary_key=True)
    checked_at: Mapped[datetime] = mapped_column(Moment)
    imported_at: Mapped[datetime] = mapped_column(Moment)
    imported_by: Mapped[str] = mapped_column(String(60))
    entries: Mapped[int]


class RegisterEntry(Base):
    """A number of the newest reading of the register."""

    __tablename__ = "register_entry"

    number_index: Mapped[str] = mapped_column(String(64), primary_key=True)
    import_id: Mapped[int] = mapped_column(PersonId)
