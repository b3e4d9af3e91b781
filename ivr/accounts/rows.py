"""The rows of an account, what it may do on which line, its sessions, and the log of personal data that was seen."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ivr.base import Base, Moment, Word
from ivr.sealing import SealedText


class Role(StrEnum):
    """What somebody may be on a line: takes calls, runs the line, looks on, keeps accounts, or is of a client firm."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    FIRM = "firm"


class Account(Base):
    """One person who may sign in; `id` is the log-in name in lower case.

    `password` is an argon2 hash, None for those who come by single sign-on only (`subject` is issuer and subject).
    `second_factor` is the TOTP secret once confirmed, `next_factor` one that is being set up; `second_factor_step` the
    last time step that was used, so that a code counts once. `failures` in a row lead to `locked_until`. `officer_id`
    is the person in the directory, `made_by` an account, or `command` or `demo`.
    """

    __tablename__ = "account"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    officer_id: Mapped[str | None] = mapped_column(ForeignKey("officer.id"), unique=True)
    language: Mapped[str] = mapped_column(String(5), default="ko")
    password: Mapped[str | None] = mapped_column(String(200))
    password_at: Mapped[datetime | None] = mapped_column(Moment)
    password_is_temporary: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str | None] = mapped_column(String(300), unique=True)
    second_factor: Mapped[str | None] = mapped_column(SealedText(place="account.second_factor"))
    second_factor_step: Mapped[int | None]
    next_factor: Mapped[str | None] = mapped_column(SealedText(place="account.next_factor"))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)
    made_at: Mapped[datetime] = mapped_column(Moment)
    made_by: Mapped[str] = mapped_column(String(40), default="")
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(Integer)
    grants: Mapped[list["Grant"]] = relationship(cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": version}


class Grant(Base):
    """A role of an account on one line; there is no role on all lines at once.

    `firm` is the client firm that somebody in the role FIRM is of, and whose own things are all there is to see.
    """

    __tablename__ = "account_grant"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True)
    firm: Mapped[str] = mapped_column(String(40), default="", server_default="")


class RecoveryCode(Base):
    """A code that stands in once for the second factor; only its SHA-256 is kept, of 50 random bits."""

    __tablename__ = "recovery_code"

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class SignInWatch(Base):
    """Failures to sign in from one address, or under one name that no account has; `id` is a digest of it."""

    __tablename__ = "sign_in_watch"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime] = mapped_column(Moment, index=True)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)


class SessionEnd(StrEnum):
    """Why a session is over."""

    SIGNED_OUT = "signed-out"
    IDLE = "idle"
    TOO_LONG = "too-long"
    FORCED = "forced"


class ConsoleSession(Base):
    """A sign-in; `id` is the SHA-256 of the secret in the cookie, `line` the line worked on in it.

    `seen_at` is the last request that a person made, written at most once a minute. `confirmed` tells that the second
    factor was given where the account has one: before, nothing but that page is served.
    """

    __tablename__ = "console_session"
    __table_args__ = (Index("ix_console_session_account", "account_id", "ended_at"),)

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    line: Mapped[str] = mapped_column(String(40))
    confirmed: Mapped[bool] = mapped_column(default=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[SessionEnd | None] = mapped_column(Word(SessionEnd))
    address: Mapped[str] = mapped_column(String(45), default="")
    browser: Mapped[str] = mapped_column(String(200), default="")


class Act(StrEnum):
    """What was done with personal data; or with the log itself: a month of it reviewed, the oldest months erased."""

    UNMASK = "unmask"
    EXPORT = "export"
    PLAY = "play"
    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    REVIEW = "review"
    TRIM = "trim"


class AccountChange(StrEnum):
    """What became of an account: the history of who might do what, which is kept for three years."""

    MADE = "made"
    GRANTED = "granted"
    REVOKED = "revoked"
    PASSWORD = "password"  # noqa: S105 - the word of a change
    FACTOR = "factor"
    FACTOR_OFF = "factor-off"
    RECOVERED = "recovered"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    DISABLED = "disabled"
    ENABLED = "enabled"
    LINKED = "linked"
    SIGNED_IN = "signed-in"
    ENDED = "ended"


class AccountEntry(Base):
    """Something became of an account, by whom (an account, `command`, or `demo`); `detail` is a role, an address."""

    __tablename__ = "account_entry"
    __table_args__ = (Index("ix_account_entry_account", "account_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    account_id: Mapped[str] = mapped_column(String(40))
    done_by: Mapped[str] = mapped_column(String(40))
    change: Mapped[AccountChange] = mapped_column(Word(AccountChange))
    line: Mapped[str | None] = mapped_column(String(40))
    detail: Mapped[str] = mapped_column(String(200), default="")


class AccessChain(Base):
    """The end of a line's log: how many entries there are and the seal of the last, so that none goes unseen."""

    __tablename__ = "access_chain"

    line: Mapped[str] = mapped_column(String(40), primary_key=True)
    entries: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))


class AccessEntry(Base):
    """Somebody saw or took personal data; `subject` is a kind and an id, such as `call:C123`.

    `address` is where the session came from. `place` counts the entries of the line from 1, and `seal` is made of the
    entry and of the seal before it: whoever changes or removes one breaks all that follow.
    """

    __tablename__ = "access_entry"
    __table_args__ = (
        Index("ix_access_entry_line_at", "line", "at"),
        UniqueConstraint("line", "place"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Moment)
    account_id: Mapped[str] = mapped_column(String(40))
    line: Mapped[str] = mapped_column(String(40))
    place: Mapped[int]
    act: Mapped[Act] = mapped_column(Word(Act))
    subject: Mapped[str] = mapped_column(String(80), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    detail: Mapped[dict[str, str | int]] = mapped_column(JSON, default=dict)
    address: Mapped[str] = mapped_column(String(45), default="")
    seal: Mapped[str] = mapped_column(String(64))
