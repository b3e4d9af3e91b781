"""A row of a list of customers: a person's number with its repairs and the consents that it proves, or why not."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from operator import itemgetter
from typing import Final, NamedTuple, TypeVar

from ivr.audiences.cleaning import DigitsLost, Repair, cleaned
from ivr.audiences.columns import Columns, Field, Given
from ivr.audiences.words import CHANNELS, HOURS, HOW, NOT, moment_of, purposes_of, word
from ivr.consents.recording import expiry
from ivr.consents.rows import Purpose
from ivr.numbers import BadNumber, PhoneNumber
from ivr.sealing import Keyring

NOTICE: Final = timedelta(days=14)
"""Within this time somebody is told that their consent was noted (Network Act, article 50, paragraph 7)."""
_LONGEST: Final = {Field.NAME: 60, Field.GROUP: 40, Field.EVIDENCE: 120, Field.SOURCE: 120, Field.WORDING: 40}
_ONE_DAY: Final = timedelta(days=1)
_INSTANT: Final = timedelta(microseconds=1)
_DIALLED: Final = frozenset("0123456789+")
Meaning = TypeVar("Meaning")
# The terms of consents repeat: most rows differ in their number, name and proof alone.
_MANY_TERMS: Final = 4096


class Reason(StrEnum):
    """Why a row is not taken."""

    NO_NUMBER = "no_number"
    NOT_A_NUMBER = "not_a_number"
    DIGITS_LOST = "digits_lost"
    TOO_MANY_CELLS = "too_many_cells"
    TOO_LONG = "too_long"
    PURPOSE = "unknown_purpose"
    WORD = "unknown_word"
    DAY = "unreadable_day"
    INCOMPLETE = "incomplete_consent"
    FUTURE = "consent_in_future"
    EXPIRED = "consent_expired"
    WITHDRAWN_FIRST = "withdrawn_first"


class RowRefused(ValueError):
    """A row that cannot be taken; `what` names the cell, and shows nothing personal."""

    def __init__(self, reason: Reason, what: str) -> None:
        self.reason = reason
        self.what = what
        super().__init__(f"{reason.value}: {what}")


class Entry(NamedTuple):
    """A person, or one consent of a person, as it waits in the temporary table; without purpose there is no consent.

    `row` is the row of the file, `part` counts the consents of one row. Moments are texts, as `written` makes them.
    """

    row: int
    part: int
    number_index: str
    number: bytes
    name: bytes | None
    is_callable: bool
    takes_texts: bool
    group: str
    purpose: str | None
    channel: str | None
    hours: str | None
    wording: str | None
    how: str | None
    evidence: str | None
    source: str | None
    given_at: str | None
    expires_at: str | None
    notice_due_at: str | None
    withdrawn_at: str | None


class Terms(NamedTuple):
    """What one row says about its consents, but for their proof; `kinds` are purposes with hours."""

    kinds: tuple[tuple[str, str], ...]
    channel: str
    how: str
    source: str
    wording: str
    given_at: str
    expires_at: str
    notice_due_at: str | None
    withdrawn_at: str | None


class Judge:
    """Judges rows against the columns of their file, at one moment."""

    def __init__(self, columns: Columns, given: Given, *, keyring: Keyring, at: datetime) -> None:
        self._columns = columns
        self._keyring = keyring
        self._at = at
        self._places = {field: columns.place(field) for field in Field}
        self._defaults = {field: given.of(field) for field in Field}
        of_terms = [place for field in _OF_TERMS if (place := columns.place(field)) is not None]
        self._of_terms = itemgetter(*of_terms) if of_terms else lambda _cells: None
        self._known_terms: dict[object, Terms | None] = {}

    def entries(self, row: int, cells: Sequence[str]) -> tuple[list[Entry], frozenset[Repair]]:
        """The person of a row with each consent, and what was mended; raises `RowRefused`."""
        if len(cells) != self._columns.width:
            cells = self._fitted(cells)
        number, repairs = _number(self._cell(cells, Field.NUMBER))
        return self._entries(row, cells, number=number, terms=self._terms(cells)), repairs

    def _fitted(self, cells: Sequence[str]) -> Sequence[str]:
        width = self._columns.width
        if any(cell.strip() for cell in cells[width:]):
            raise RowRefused(Reason.TOO_MANY_CELLS, f"there are {len(cells)} cells under {width} columns")
        return [*cells[:width], *[""] * (width - len(cells))]

    def _terms(self, cells: Sequence[str]) -> Terms | None:
        key = self._of_terms(cells)
        try:
            return self._known_terms[key]
        except KeyError:
            if len(self._known_terms) >= _MANY_TERMS:
                self._known_terms.clear()
            self._known_terms[key] = terms = self._read_terms(cells)
            return terms

    def _entries(self, row: int, cells: Sequence[str], *, number: PhoneNumber, terms: Terms | None) -> list[Entry]:
        name = self._checked(cells, Field.NAME)
        person = (
            self._keyring.index(number),
            self._keyring.seal(number, place="person.number"),
            self._keyring.seal(name, place="person.name") if name else None,
            number.may_be_called,
            number.takes_texts,
            self._checked(cells, Field.GROUP),
        )
        if terms is None:
            return [Entry(row, 0, *person, *(None,) * 11)]
        evidence = self._checked(cells, Field.EVIDENCE)
        if not evidence:
            raise RowRefused(Reason.INCOMPLETE, "evidence: the cell is empty, a consent needs its proof")
        before, after = (terms.wording, terms.how, evidence, terms.source), terms[5:]
        return [
            Entry(row, part, *person, purpose, terms.channel, hours, *before, *after)
            for part, (purpose, hours) in enumerate(terms.kinds)
        ]

    def _cell(self, cells: Sequence[str], field: Field) -> str:
        place = self._places[field]
        return (cells[place].strip() if place is not None else "") or self._defaults[field]

    def _checked(self, cells: Sequence[str], field: Field) -> str:
        return _not_too_long(field, self._cell(cells, field))

    def _read_terms(self, cells: Sequence[str]) -> Terms | None:
        said = {field: self._cell(cells, field) for field in _OF_TERMS}
        purposes = _purposes(said[Field.PURPOSE])
        if not purposes:
            if said[Field.WITHDRAWN_ON]:
                raise RowRefused(
                    Reason.INCOMPLETE, "purpose: the cell is empty, withdrawn_on needs what was taken back"
                )
            return None
        given_at, _ = _moment(said, Field.CONSENTED_ON)
        expires_at = expiry(given_at)
        if given_at > self._at:
            raise RowRefused(Reason.FUTURE, "consented_on: the day has not come yet")
        if expires_at <= self._at:
            raise RowRefused(Reason.EXPIRED, "consented_on: a consent holds for two years less a day")
        return Terms(
            tuple((purpose.value, hours.value) for purpose in purposes for hours in _word(said, Field.HOURS, HOURS)),
            _word(said, Field.CHANNEL, CHANNELS).value,
            _word(said, Field.HOW, HOW).value,
            _required(said, Field.SOURCE),
            _required(said, Field.WORDING),
            written(given_at),
            written(expires_at),
            self._notice(said, given_at),
            self._withdrawn(said, given_at),
        )

    def _notice(self, said: dict[Field, str], given_at: datetime) -> str | None:
        return written(given_at + NOTICE) if word(said[Field.NOTIFIED]) in NOT else None

    def _withdrawn(self, said: dict[Field, str], given_at: datetime) -> str | None:
        if not said[Field.WITHDRAWN_ON]:
            return None
        withdrawn_at, is_whole_day = _moment(said, Field.WITHDRAWN_ON)
        if withdrawn_at < given_at:
            raise RowRefused(Reason.WITHDRAWN_FIRST, "withdrawn_on: the day lies before the consent")
        # Of a day it is not known when: a consent of the same day must not outlive it.
        return written(min(withdrawn_at + _ONE_DAY - _INSTANT if is_whole_day else withdrawn_at, self._at))


def written(moment: datetime) -> str:
    """A moment in UTC as SQLite keeps it, and as PostgreSQL reads it in a session whose zone is UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


_OF_TERMS: Final = (
    *(Field.PURPOSE, Field.CHANNEL, Field.HOURS, Field.HOW, Field.SOURCE, Field.WORDING),
    *(Field.CONSENTED_ON, Field.NOTIFIED, Field.WITHDRAWN_ON),
)


def _number(text: str) -> tuple[PhoneNumber, frozenset[Repair]]:
    if not text:
        raise RowRefused(Reason.NO_NUMBER, "number: the cell is empty")
    try:
        return cleaned(text)
    except DigitsLost:
        what = "number: a spreadsheet rounded it; format the column as text and export it again"
        raise RowRefused(Reason.DIGITS_LOST, what) from None
    except BadNumber as error:
        # What does not begin as a number may be a name that slipped into the wrong column.
        shown = f"{error.what}: " if text[0] in _DIALLED else ""
        raise RowRefused(Reason.NOT_A_NUMBER, f"number: {shown}{error.why}") from None


def _purposes(text: str) -> tuple[Purpose, ...]:
    try:
        return purposes_of(text)
    except KeyError:
        known = ", ".join(purpose.value for purpose in Purpose)
        raise RowRefused(Reason.PURPOSE, f"purpose: known are {known}") from None


def _moment(said: dict[Field, str], field: Field) -> tuple[datetime, bool]:
    text = _required(said, field)
    try:
        return moment_of(text)
    except ValueError:
        raise RowRefused(Reason.DAY, f"{field.value}: write the day as 2026-11-01") from None


def _word(said: dict[Field, str], field: Field, known: Mapping[str, Meaning]) -> Meaning:
    try:
        return known[word(said[field])]
    except KeyError:
        raise RowRefused(Reason.WORD, f"{field.value}: known are {', '.join(filter(None, known))}") from None


def _required(said: dict[Field, str], field: Field) -> str:
    if not said[field]:
        raise RowRefused(Reason.INCOMPLETE, f"{field.value}: the cell is empty, a consent needs it")
    return _not_too_long(field, said[field])


def _not_too_long(field: Field, text: str) -> str:
    longest = _LONGEST.get(field)
    if longest is not None and len(text) > longest:
        raise RowRefused(Reason.TOO_LONG, f"{field.value}: {len(text)} characters, at most {longest}")
    return text
