"""Commands about the conduct of a talk: ticks, warnings, endings for a cause, and the record of incidents."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TypedDict

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from commands.calls import calls
from commands.installation import installed_settings
from commands.opened import open_installation
from commands.shared import AS_JSON_LIST, AS_JSON_OBJECT, OF_LINE
from config.bell import bell_at
from config.clock import system_clock
from ivr.calls.known import Followed, load
from ivr.calls.rows import Call
from ivr.conduct.incidents import appeal
from ivr.conduct.protecting import ask_ending, ask_warning
from ivr.conduct.reading import Cause
from ivr.conduct.refusals import NotNow, Refusal
from ivr.conduct.rows import Incident
from ivr.conduct.ticking import Tick, review_closing, tick
from ivr.lines.hours import SEOUL
from ivr.lines.model import Line

WORDS: Mapping[Refusal, str] = {
    Refusal.NO_TALK: "nobody is talking (or, for ticks, nobody ever did): `charterline calls show CALL`",
    Refusal.NOT_THEIR_TALK: "the caller never talked with the agent of that offer: `charterline calls show CALL`",
    Refusal.TOO_LATE: "the wrap-up of that talk ({seconds} s) is over; later there is `charterline calls review`",
    Refusal.UNKNOWN_PART: "{parts}: is not known here; known are {known}",
    Refusal.CONTRADICTION: "resolved and unresolved cannot both be ticked: tick one of them",
    Refusal.PLAYING: "a warning is being played: wait until the caller has heard it",
    Refusal.WARNED_ENOUGH: "{warnings} warnings were heard; now it is: charterline calls end CALL --because {cause}",
    Refusal.NOT_WARNED: "{warnings} of {needed} warnings heard; first: charterline calls warn CALL --because {cause}",
    Refusal.NO_LIMIT: "this line has no longest time of a call ([conduct] longest of its file)",
    Refusal.RELAY: "an interpreter of the relay service speaks: such a call has no time limit, let it go on",
    Refusal.NO_NOTICE: "the caller has not heard the notice of the recommended time: wait until it was played",
    Refusal.NOT_YET: "the recommended time is not over: try again in {seconds} s",
    Refusal.ENDING: "the call is being ended already: there is nothing more to do",
    Refusal.NO_NAME: "give the name of the person who listened: --by NAME",
    Refusal.APPEALED: "an objection is kept already: `charterline incidents show {incident}`",
}


class IncidentEntry(TypedDict):
    """One incident as printed; times in ISO 8601."""

    incident: str
    call: str
    line: str
    agent: str
    cause: str
    warnings: int
    at: str
    ended_at: str | None
    lawful: bool | None
    keep_recording: bool
    appealed_at: str | None


@calls.command("tick")
@click.argument("call_id")
@click.option(
    "--said", help="Parts that were said, with commas: greeting, name, further_questions, thanks, resolved ..."
)
@click.option("--unsay", help="Parts whose tick is taken back, with commas.")
@click.option("--offer", help="Of which talk, where there were several (an offer's id); the last one if left out.")
def tick_call(call_id: str, said: str | None, unsay: str | None, offer: str | None) -> None:
    """Tick what was said in a talk, while it goes on or in its wrap-up."""
    if not said and not unsay:
        raise click.UsageError("give --said or --unsay with at least one part")
    with _in_call(call_id) as (session, known, line, at):
        for parts, is_said in ((said, True), (unsay, False)):
            if parts:
                tick(session, known, Tick(_parts(parts), is_said, offer), line=line, at=at)
                known = load(session, call_id)
    click.echo("ticked")


@calls.command("review")
@click.argument("call_id")
@click.option("--said", help="Closing parts that were said, with commas: further_questions, thanks.")
@click.option("--missing", help="Closing parts that were not said.")
@click.option("--by", required=True, help="Who listened.")
@click.option("--offer", help="Of which talk; the last one if left out.")
def review_call(call_id: str, said: str | None, missing: str | None, by: str, offer: str | None) -> None:
    """Keep what a person found who listened to the closing words: it decides the verdict."""
    if not said and not missing:
        raise click.UsageError("give --said or --missing with at least one part")
    with _in_call(call_id) as (session, known, _, at):
        for parts, is_said in ((said, True), (missing, False)):
            if parts:
                review_closing(session, known, Tick(_parts(parts), is_said, offer, by), at=at)
                known = load(session, call_id)
    click.echo("kept")


@calls.command("warn")
@click.argument("call_id")
@click.option("--because", default="abuse", show_default=True, type=click.Choice(["abuse", "harassment"]))
def warn_call(call_id: str, because: str) -> None:
    """Play the next warning to the caller of a talk."""
    with _in_call(call_id) as (session, known, line, at):
        number = ask_warning(session, known, Cause(because), line=line, at=at)
    click.echo(f"warning {number} is being played")


@calls.command("end")
@click.argument("call_id")
@click.option("--because", required=True, type=click.Choice([cause.value for cause in Cause]))
def end_call(call_id: str, because: str) -> None:
    """End a call for a cause that the caller was told of before."""
    with _in_call(call_id) as (session, known, line, at):
        ask_ending(session, known, Cause(because), line=line, at=at)
    click.echo("the caller is told why, and the call ends")


@click.group()
def incidents() -> None:
    """See talks in which a caller was warned or that were ended for a cause, and keep appeals."""


@incidents.command("list")
@OF_LINE
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000), help="How many, newest first.")
@AS_JSON_LIST
def list_incidents(line_id: str | None, limit: int, as_json: bool) -> None:
    """List the newest incidents."""
    query = select(Incident).order_by(Incident.at.desc()).limit(limit)
    if line_id is not None:
        query = query.where(Incident.line == line_id)
    with open_installation(installed_settings()).store.reading() as session:
        entries = [_entry(incident) for incident in session.scalars(query)]
    if as_json:
        click.echo(json.dumps(entries, ensure_ascii=False))
        return
    for entry in entries:
        click.echo(_row(entry))


@incidents.command("show")
@click.argument("incident_id")
@AS_JSON_OBJECT
def show_incident(incident_id: str, as_json: bool) -> None:
    """Show one incident with its appeal."""
    with open_installation(installed_settings()).store.reading() as session:
        incident = _found(session.get(Incident, incident_id), incident_id)
        entry = {**_entry(incident), "appeal": incident.appeal, "appeal_by": incident.appeal_by}
    if as_json:
        click.echo(json.dumps(entry, ensure_ascii=False))
        return
    for name, value in entry.items():
        click.echo(f"{name:<15} {'-' if value is None else value}")


@incidents.command("appeal")
@click.argument("incident_id")
@click.option("--text", required=True, help="The objection, word for word.")
@click.option("--by", default="caller", show_default=True, help="Who objects.")
def appeal_incident(incident_id: str, text: str, by: str) -> None:
    """Keep a caller's objection; the recording stays held."""
    if not text.strip():
        raise click.UsageError("--text must not be empty")
    opened, at = open_installation(installed_settings()), system_clock()
    with opened.store.transaction() as session:
        incident = _found(session.get(Incident, incident_id), incident_id)
        try:
            appeal(incident, text.strip(), by=by, at=at)
        except NotNow as refused:
            raise click.ClickException(f"incident {incident_id}: {in_words(refused)}") from None
    click.echo("kept")


@contextmanager
def _in_call(call_id: str) -> Iterator[tuple[Session, Followed, Line, datetime]]:
    """A locked call in a transaction, after which the relay is woken; what cannot be done is told in words."""
    settings = installed_settings()
    opened, at = open_installation(settings), system_clock()
    with opened.store.transaction() as session:
        call = session.get(Call, call_id)
        if call is None:
            raise click.ClickException(f"there is no call {call_id}: `charterline calls list` shows the newest")
        try:
            yield session, load(session, call_id), opened.lines.by_id(call.line), at
        except NotNow as refused:
            raise click.ClickException(f"call {call_id}: {in_words(refused)}") from None
    bell_at(settings.redis_url)()


def in_words(refused: NotNow) -> str:
    """Why it cannot be done, and what to do."""
    return WORDS[refused.reason].format(**refused.values)


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _found(incident: Incident | None, incident_id: str) -> Incident:
    if incident is None:
        raise click.ClickException(f"there is no incident {incident_id}: `charterline incidents list` shows them")
    return incident


def _entry(incident: Incident) -> IncidentEntry:
    return {
        "incident": incident.id,
        "call": incident.call_id,
        "line": incident.line,
        "agent": incident.agent_id,
        "cause": incident.cause,
        "warnings": incident.warnings,
        "at": incident.at.isoformat(),
        "ended_at": incident.ended_at.isoformat() if incident.ended_at else None,
        "lawful": incident.lawful,
        "keep_recording": incident.keep_recording,
        "appealed_at": incident.appealed_at.isoformat() if incident.appealed_at else None,
    }


def _row(entry: IncidentEntry) -> str:
    at = f"{datetime.fromisoformat(entry['at']).astimezone(SEOUL):%m-%d %H:%M}"
    ended = "ended by us" if entry["ended_at"] else "not ended"
    objected = ", appeal" if entry["appealed_at"] else ""
    warned = f"{entry['cause']}, {entry['warnings']} warnings, {ended}{objected}"
    return f"{entry['incident']}  {at}  {entry['line']:<12} {entry['agent']:<12} {warned}"
