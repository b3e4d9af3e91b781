"""`charterline openings`: what was heard at the beginning of talks, and the finding of a person who listened."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

import click
from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from commands.installation import installed_settings
from commands.opened import Opened, open_installation
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT, OF_LINE
from config.bell import bell_at
from config.clock import system_clock
from ivr.agents.rows import Agent
from ivr.charters.judges.judgement import Finding
from ivr.charters.measures.calls import IdentityAnnounced
from ivr.charters.rows import Verdict
from ivr.lines.hours import SEOUL
from ivr.listening.keeping import utterances_of
from ivr.listening.matching import PartHeard, Standing, order_of
from ivr.listening.reviews import CannotReview, Statement, review, reviews_of
from ivr.listening.rows import Opening, OpeningFinding, OpeningReview, ReviewFinding
from workers.verdicts import installed_rules


class PartEntry(TypedDict):
    """One part: likeness from 0 to 1, and how it stands."""

    part: str
    score: float
    standing: str


class ReviewEntry(TypedDict):
    """One person's finding; `by` is the person's name."""

    finding: str
    by: str
    at: str
    note: str


class OpeningEntry(TypedDict):
    """One opening: `order` has the parts that were heard in the order in which they were said."""

    opening: str
    call: str
    line: str
    agent: str
    joined_at: str
    finding: str
    complete: bool
    parts: list[PartEntry]
    order: list[str]
    closing: list[str] | None
    recording: str | None
    recording_seconds: int | None
    reviews: list[ReviewEntry]


@click.group()
def openings() -> None:
    """See what was heard at the beginning of talks, and say what a person found who listened."""


@openings.command("list")
@click.option("--needs-review", is_flag=True, help="Only those that a person should listen to and nobody has.")
@OF_LINE
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000), help="How many, newest first.")
@AS_JSON_LIST
def list_openings(needs_review: bool, line_id: str | None, limit: int, as_json: bool) -> None:
    """List the newest openings."""
    opened = _opened()
    query = _newest(line_id, waiting=needs_review).limit(limit)
    with opened.store.reading() as session:
        entries = _entries(session, session.scalars(query).all())
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    if not entries:
        click.echo("No openings: they are kept for every talk of a line whose file has `[opening] record = true`.")
    for entry in entries:
        click.echo(_row(entry))


@openings.command("show")
@click.argument("opening_id", metavar="OFFER")
@AS_JSON_OBJECT
def show_opening(opening_id: str, as_json: bool) -> None:
    """Show the opening of one talk (its OFFER) with the words that were kept and every review."""
    opened = _opened()
    with opened.store.reading() as session:
        row = session.get(Opening, opening_id)
        if row is None:
            raise click.ClickException(_unknown(opening_id))
        (entry,) = _entries(session, [row])
        words = [
            {"at": one.said_at.isoformat(), "text": one.text} for one in utterances_of(session, opening_id) if one.text
        ]
    if as_json:
        click.echo(json.dumps({**entry, "words": words}, ensure_ascii=False))
        return
    click.echo(_in_words(entry))
    for one in words:
        click.echo(f"  {one['at']}  {one['text']}")


@openings.command("review")
@click.argument("opening_id", metavar="OFFER")
@click.option(
    "--finding", type=click.Choice([one.value for one in ReviewFinding]), required=True, help="What you found."
)
@click.option("--by", required=True, help="Your name, which is kept with the finding.")
@click.option("--note", default="", help="Why; kept sealed.")
@AS_JSON_OBJECT
def review_opening(opening_id: str, finding: str, by: str, note: str, as_json: bool) -> None:
    """Say what you found in the opening of one talk (its OFFER): the call is judged again by it.

    A later finding takes the place of an earlier one; all are kept, with who said it and when.
    """
    opened = _opened()
    statement = Statement(ReviewFinding(finding), by, note)
    try:
        with opened.store.transaction() as session:
            review(session, opening_id, statement, at=system_clock())
            row = session.get_one(Opening, opening_id)
            (entry,) = _entries(session, [row])
    except CannotReview as error:
        raise click.ClickException(str(error)) from None
    bell_at(opened.settings.redis_url)()
    click.echo(json.dumps(entry, ensure_ascii=False) if as_json else _in_words(entry))


def _opened() -> Opened:
    return open_installation(installed_settings())


def _unknown(opening_id: str) -> str:
    return f"nothing of an opening {opening_id} was kept: `charterline openings list` shows what was"


def _newest(line_id: str | None, *, waiting: bool) -> Select[Opening]:
    query = select(Opening).order_by(Opening.joined_at.desc(), Opening.offer_id)
    if line_id is not None:
        query = query.where(Opening.line == line_id)
    return query.where(*_waiting()) if waiting else query


def _waiting() -> list[ColumnElement[bool]]:
    """Nobody has reviewed it, and it is not sure, or who answers was not proven without it (K5, D5, T8)."""
    all_standards = (standard for charter in installed_rules().charters for standard in charter.all)
    asking = [standard.id for standard in all_standards if isinstance(standard.measure, IdentityAnnounced)]
    reviewed = select(OpeningReview.id).where(OpeningReview.offer_id == Opening.offer_id).exists()
    undecided = (
        select(Verdict.subject)
        .where(Verdict.call_id == Opening.call_id, Verdict.verdict == Finding.INDETERMINATE)
        .where(Verdict.standard_id.in_(asking))
        .exists()
    )
    unheard = (Opening.finding != OpeningFinding.HEARD) & undecided
    return [~reviewed, (Opening.finding == OpeningFinding.NEEDS_REVIEW) | unheard]


def _entries(session: Session, rows: Sequence[Opening]) -> list[OpeningEntry]:
    reviews = reviews_of(session, [row.offer_id for row in rows])
    agents = {row.agent_id for row in rows}
    names: dict[str, str] = {id: name for id, name in session.execute(_names(agents))}
    return [_entry(row, names[row.agent_id], reviews.get(row.offer_id, [])) for row in rows]


def _names(agents: set[str]) -> Select[str, str]:
    return select(Agent.id, Agent.name).where(Agent.id.in_(agents))


def _entry(row: Opening, agent: str, reviews: Sequence[OpeningReview]) -> OpeningEntry:
    parts = [PartHeard(part["part"], part["score"], part["place"], Standing(part["standing"])) for part in row.parts]
    return {
        "opening": row.offer_id,
        "call": row.call_id,
        "line": row.line,
        "agent": agent,
        "joined_at": row.joined_at.isoformat(),
        "finding": row.finding.value,
        "complete": row.complete,
        "parts": [{"part": part.part, "score": part.score, "standing": part.standing.value} for part in parts],
        "order": list(order_of(parts)),
        "closing": row.closing,
        "recording": row.recording_sid,
        "recording_seconds": row.recording_seconds,
        "reviews": [
            {"finding": one.finding.value, "by": one.by, "at": one.at.isoformat(), "note": one.note} for one in reviews
        ],
    }


def _row(entry: OpeningEntry) -> str:
    joined = f"{datetime.fromisoformat(entry['joined_at']).astimezone(SEOUL):%m-%d %H:%M:%S}"
    word = f"{entry['reviews'][-1]['finding']} by {entry['reviews'][-1]['by']}" if entry["reviews"] else ""
    return f"{entry['opening']:<26} {joined}  {entry['line']:<10} {entry['agent']:<8} {entry['finding']:<16} {word}"


def _in_words(entry: OpeningEntry) -> str:
    whole = "whole transcript" if entry["complete"] else "transcript with gaps"
    lines = [f"opening {entry['opening']} of {entry['agent']} on {entry['line']}: {entry['finding']} ({whole})"]
    lines += [f"  {part['part']:<12} {part['standing']:<10} {part['score']:.3f}" for part in entry["parts"]]
    if entry["recording"]:
        lines.append(f"  recording {entry['recording']}, {entry['recording_seconds']} s")
    lines += [f"  {one['at']}  {one['finding']} by {one['by']}: {one['note']}" for one in entry["reviews"]]
    return "\n".join(lines)
