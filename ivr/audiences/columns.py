"""The columns of a list of customers: which are known, by their Korean and English names, and which a file lacks."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Final

from ivr.numbers import mask_numbers


class Field(StrEnum):
    """What a column can hold; the values are the names that help texts and errors use."""

    NUMBER = "number"
    NAME = "name"
    GROUP = "group"
    PURPOSE = "purpose"
    CHANNEL = "channel"
    HOURS = "hours"
    CONSENTED_ON = "consented_on"
    HOW = "how"
    EVIDENCE = "evidence"
    SOURCE = "source"
    WORDING = "wording"
    WITHDRAWN_ON = "withdrawn_on"
    NOTIFIED = "notified"


NAMES: Final[Mapping[Field, tuple[str, ...]]] = {
    Field.NUMBER: (
        *("전화번호", "휴대폰", "휴대폰번호", "휴대전화", "휴대전화번호", "핸드폰", "연락처"),
        *("number", "phone", "phonenumber", "mobile", "telephone"),
    ),
    Field.NAME: ("이름", "성명", "고객명", "name", "customer"),
    Field.GROUP: ("구분", "그룹", "집단", "group"),
    Field.PURPOSE: ("동의목적", "목적", "purpose"),
    Field.CHANNEL: ("동의수단", "수단", "channel"),
    Field.HOURS: ("동의시간대", "시간대", "hours"),
    Field.CONSENTED_ON: ("동의일", "동의일자", "동의일시", "consentedon", "consentedat", "consentdate"),
    Field.HOW: ("동의방법", "how", "means"),
    Field.EVIDENCE: ("증빙", "동의증빙", "evidence", "proof"),
    Field.SOURCE: ("수집출처", "출처", "source"),
    Field.WORDING: ("동의문구", "문구", "wording"),
    Field.WITHDRAWN_ON: ("철회일", "동의철회일", "withdrawnon", "withdrawnat"),
    Field.NOTIFIED: ("통보일", "통보", "동의통보일", "notified", "notifiedon"),
}
OF_A_CONSENT: Final = (Field.CONSENTED_ON, Field.EVIDENCE, Field.SOURCE, Field.WORDING)
_BY_NAME: Final = {name: field for field, names in NAMES.items() for name in names}
_IGNORED_SIGNS: Final = re.compile(r"[\s_()*:·.-]")
_MOST_SHOWN, _LONGEST_SHOWN = 12, 30


class WrongColumns(ValueError):
    """A file whose columns do not fit; the message names those found, those wanted, and what to do."""


@dataclass(frozen=True, slots=True)
class Given:
    """What holds for every row without a cell of its own; texts as they would stand in the file."""

    purpose: str = ""
    channel: str = ""
    hours: str = ""
    consented_on: str = ""
    how: str = ""
    evidence: str = ""
    source: str = ""
    wording: str = ""
    notified: str = ""

    def of(self, field: Field) -> str:
        """The text for a field, empty where none was given."""
        return str(getattr(self, field.value)) if field.value in _GIVEN else ""


_GIVEN: Final = frozenset(field.name for field in fields(Given))


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands in a row, how many cells a row may have, and which columns are not read at all."""

    places: Mapping[Field, int]
    width: int
    ignored: tuple[str, ...]

    def place(self, field: Field) -> int | None:
        """The place of a field in a row, None where the file has no such column."""
        return self.places.get(field)


def known_in(header: Sequence[str]) -> int:
    """How many cells of a first row name a known column: by this a delimiter is told."""
    return sum(_spelled(cell) in _BY_NAME for cell in header)


def fields_in(header: Sequence[str]) -> list[Field | None]:
    """The field of each column by its name, None where it is none that is known, or one that was there before."""
    found: list[Field | None] = []
    for cell in header:
        field = _BY_NAME.get(_spelled(cell))
        found.append(None if field in found else field)
    return found


def columns_of(header: Sequence[str], given: Given) -> Columns:
    """Find the columns of a file by its first row; raises `WrongColumns`."""
    places: dict[Field, int] = {}
    for place, cell in enumerate(header):
        field = _BY_NAME.get(_spelled(cell))
        if field is None:
            continue
        if field in places:
            both = f"{_shown([header[places[field]]])} and {_shown([cell])}"
            raise WrongColumns(f"the columns {both} both hold the {field.value}: rename the one that is not to be read")
        places[field] = place
    if Field.NUMBER not in places:
        raise WrongColumns(
            f"no column holds telephone numbers: found {_shown(header)}; wanted 전화번호 (or number) in the first row,"
            f" and as far as there are, {', '.join(NAMES[field][0] for field in Field if field is not Field.NUMBER)}"
        )
    _insist_on_proof(places, given, header)
    ignored = tuple(cell.strip() for cell in header if cell.strip() and _spelled(cell) not in _BY_NAME)
    return Columns(places, len(header), ignored)


def _insist_on_proof(places: Mapping[Field, int], given: Given, header: Sequence[str]) -> None:
    """A consent without its day, proof, source of the data and wording is none that could be shown to anybody."""
    if Field.PURPOSE not in places and not given.purpose:
        return
    lacking = [field for field in OF_A_CONSENT if field not in places and not given.of(field)]
    if lacking:
        wanted = ", ".join(f"{NAMES[field][0]} ({field.value})" for field in lacking)
        raise WrongColumns(
            f"consents need the columns {wanted} too: found {_shown(header)}; add them, or give the same for all rows"
            " with --consented-on, --proof, --source and --wording"
        )


def _spelled(cell: str) -> str:
    return _IGNORED_SIGNS.sub("", unicodedata.normalize("NFC", cell)).casefold()


def _shown(cells: Sequence[str]) -> str:
    """Names of columns for an error; where the first row is a customer, nothing of hers is shown in full."""
    shown = [mask_numbers(cell.strip())[:_LONGEST_SHOWN] or "(empty)" for cell in cells[:_MOST_SHOWN]]
    more = f" and {len(cells) - _MOST_SHOWN} more" if len(cells) > _MOST_SHOWN else ""
    return ", ".join(shown) + more
