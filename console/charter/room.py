"""The blueprint of the charter, and what its results are made from: the charter of the line, words and reasons."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from flask import Blueprint, abort, request
from sqlalchemy.orm import Session

from config.files import CHARTERS, FIGURES, REPORTS, read_file, read_folder
from console.office import office
from console.visitor import visitor
from ivr.charters.model import Charter, Standard, UnknownCharter
from ivr.charters.reasons import FOLDER, Reasons, load_reasons
from ivr.charters.verdicts import Rules
from ivr.figures.definitions import Definitions, load_definitions
from ivr.lines.hours import SEOUL
from ivr.reports.charter_report import Asked as AskedQuarter
from ivr.reports.quarters import Month, Named, Quarter, Year, month_of, quarter_of, read_stretch
from ivr.reports.reading import Reading
from ivr.reports.standing import Asked
from ivr.reports.words import Words, load_words

blueprint = Blueprint("charter", __name__, url_prefix="/charter")
KO = "ko.toml"
LONGEST_STATEMENT = "SET LOCAL statement_timeout = '5min'"


@dataclass(frozen=True, slots=True)
class Texts:
    """The words of reports with their language, the definitions of figures, and the reasons of verdicts."""

    words: Words
    language: str
    definitions: Definitions
    reasons: Reasons


@lru_cache(maxsize=1)
def texts() -> Texts:
    """The texts of the installation, read once a process."""
    document = read_file(REPORTS / KO)
    reasons = load_reasons(read_folder(CHARTERS / FOLDER)[KO])
    return Texts(load_words(document), str(document["language"]), load_definitions(read_file(FIGURES / KO)), reasons)


def charter() -> Charter:
    """The charter of the visitor's line; 404 where it has none."""
    try:
        return office().charters.of(visitor().line.id)
    except UnknownCharter:
        abort(404)


def stretch() -> Named:
    """The month, quarter or year of `?period=`; the present quarter where none is asked for, 404 for what is none."""
    written = request.args.get("period", "")
    if not written:
        return quarter_of(office().clock().astimezone(SEOUL).date())
    try:
        return read_stretch(written)
    except ValueError:
        abort(404)


def asked() -> Asked:
    """Whose results of which time this request is about."""
    return Asked(charter(), stretch())


def standard_of(key: str) -> Standard:
    """The standard with this id (`kibo/K4/1`) or key (`K4`: the newest wording) of the visitor's charter, else 404."""
    found = [one for one in charter().all if key in {one.id, one.key}]
    if not found:
        abort(404)
    return max(found, key=lambda one: one.from_version)


def neighbours(named: Named) -> tuple[str, str]:
    """The time before and the one after, as they are written in addresses."""
    if isinstance(named, Year):
        return str(Year(named.year - 1)), str(Year(named.year + 1))
    size = 1 if isinstance(named, Month) else 3
    first = named.number if isinstance(named, Month) else 3 * named.number - 2
    place = named.year * 12 + first - 1
    before, after = (Month(*_of(place + step)) for step in (-size, size))
    if isinstance(named, Month):
        return str(before), str(after)
    return str(quarter_of(before.first)), str(quarter_of(after.first))


def widths(named: Named) -> dict[str, str]:
    """The month, quarter and year in which the last day of this time lies, as they are written in addresses."""
    last = min(named.last, office().clock().astimezone(SEOUL).date())
    last = max(last, named.first)
    return {"month": str(month_of(last)), "quarter": str(quarter_of(last)), "year": str(Year(last.year))}


@contextmanager
def reading(quarter: Quarter) -> Iterator[Reading]:
    """One consistent reading of a quarter, which may take longer than a page."""
    here, known = office(), texts()
    with here.store.reading() as session:
        _settle(session)
        yield Reading(
            session,
            AskedQuarter(charter(), quarter),
            visitor().line,
            Rules(here.charters, known.reasons),
            known.words,
            known.definitions,
        )


def _settle(session: Session) -> None:
    if not office().store.is_sqlite:
        connection = session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        connection.exec_driver_sql(LONGEST_STATEMENT)


def _of(place: int) -> tuple[int, int]:
    return place // 12, place % 12 + 1
