"""Keeping what was heard: utterances in, results brought into line, and what is no longer needed taken out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, exists, select, update
from sqlalchemy.orm import Session

from ivr.agents.rows import Agent
from ivr.base import ROW_LOCK
from ivr.calls.facts import Told
from ivr.calls.rows import Call, Offer
from ivr.lines.model import Line
from ivr.listening.matching import Expected, PartHeard
from ivr.listening.openings import RECORDED, Listened, Talked, Uttered, outside
from ivr.listening.rows import Opening, OpeningReview, Utterance, UtteranceState
from ivr.promises import Promise, insert_for, promise_unless

# A sentence that fills a minute has some four hundred syllables.
LONGEST_TEXT = 1000


def take(connection: Connection, offer: str, uttered: Uttered, *, promise: Promise) -> None:
    """Keep an utterance, sealed, with the promise to look at it; what is told again changes nothing.

    In plain words: promise unless the utterance is there, and add it unless it is there; one statement on
    PostgreSQL, on SQLite two in the caller's transaction.
    """
    dialect = connection.dialect.name
    same = (Utterance.transcription == uttered.transcription) & (Utterance.sequence == uttered.sequence)
    promising = promise_unless(dialect, promise, exists().where(same))
    values = {
        "transcription": uttered.transcription,
        "sequence": uttered.sequence,
        "offer_id": offer,
        "said_at": uttered.said_at,
        "state": uttered.state,
        "text": None if uttered.text is None else uttered.text[:LONGEST_TEXT],
    }
    keeping = insert_for(dialect, Utterance).values(values).on_conflict_do_nothing()
    if dialect == "sqlite":
        connection.execute(promising)
        connection.execute(keeping)
    else:
        connection.execute(keeping.add_cte(promising.cte("promise_of_it")))


def utterances_of(session: Session, offer: str) -> list[Uttered]:
    """Everything that a transcriber told of one offer's leg, in its order."""
    rows = session.scalars(
        select(Utterance)
        .where(Utterance.offer_id == offer)
        .order_by(Utterance.said_at, Utterance.transcription, Utterance.sequence)
    )
    return [Uttered(row.transcription, row.sequence, row.said_at, row.state, row.text) for row in rows]


def trim(session: Session, talk: Talked, uttered: Sequence[Uttered]) -> int:
    """Take the words out of all but the opening and the closing of a talk that is over; returns of how many."""
    trimmed = outside(talk, uttered)
    for one in trimmed:
        session.execute(
            update(Utterance)
            .where(Utterance.transcription == one.transcription, Utterance.sequence == one.sequence)
            .values(text=None, state=UtteranceState.TRIMMED)
        )
    return len(trimmed)


def forget(session: Session, offer: str) -> None:
    """Take out what was heard for an offer whose caller never came; what a person has reviewed stays."""
    reviewed = exists().where(OpeningReview.offer_id == Opening.offer_id)
    session.execute(delete(Opening).where(Opening.offer_id == offer, ~reviewed))
    words = update(Utterance).where(Utterance.offer_id == offer, Utterance.text.is_not(None))
    session.execute(words.values(text=None, state=UtteranceState.TRIMMED))


def _firm_names(session: Session, offer: Offer, line: Line) -> tuple[str, ...]:
    """The names of the client firm in whose name the agent answers, where the line is a centre of such firms."""
    id = session.scalar(select(Call.firm).where(Call.id == offer.call_id)) if line.firms else None
    firm = line.firms.get(id or "")
    return (firm.spoken_name, firm.name) if firm and line.announcement.of_firm else ()


def expected_of(session: Session, offer: Offer, line: Line) -> Expected:
    """Whom the caller should hear of: the agent of the offer, among all of the line."""
    agents = session.execute(select(Agent.id, Agent.name, Agent.department, Agent.title).where(Agent.line == line.id))
    people = {agent.id: agent for agent in agents}
    own = people.pop(offer.agent_id)
    return Expected(
        institutions=tuple(
            dict.fromkeys((*_firm_names(session, offer, line), line.spoken_institution, line.institution))
        ),
        department=own.department,
        name=own.name,
        title=own.title,
        aliases=line.opening.aliases,
        colleagues=tuple(sorted({agent.name for agent in people.values()})),
    )


def keep(session: Session, offer: Offer, heard: Listened, *, talk: Talked, facts: Sequence[Told]) -> int | None:
    """Bring the row of an opening into line; returns the number of the new result, None where nothing changed."""
    done = recording_of(facts, offer.id)
    values: dict[str, Any] = {  # Any: the values of a row
        "joined_at": talk.joined_at,
        "recording_sid": done.detail.get("recording") if done else None,
        "recording_seconds": done.detail.get("seconds") if done else None,
        "finding": heard.finding,
        "complete": heard.complete,
        "parts": [part_as_json(part) for part in heard.parts],
        "closing": None if heard.closing is None else sorted(heard.closing),
    }
    row = session.get(Opening, offer.id, with_for_update=ROW_LOCK)
    if row is None:
        session.add(
            Opening(
                offer_id=offer.id, call_id=offer.call_id, line=talk.line, agent_id=offer.agent_id, revision=1, **values
            )
        )
        return 1
    if all(getattr(row, name) == value for name, value in values.items()):
        return None
    for name, value in values.items():
        setattr(row, name, value)
    row.revision += 1
    return row.revision


def part_as_json(part: PartHeard) -> dict[str, Any]:
    """A part as the row keeps it."""
    return {"part": part.part, "score": part.score, "place": part.place, "standing": part.standing.value}


def recording_of(facts: Sequence[Told], offer: str) -> Told | None:
    """The fact that tells that the opening's recording is done."""
    return next((fact for fact in facts if fact.kind == RECORDED and fact.leg == offer), None)


def recorded(call: str, offer: str, at: datetime, /, *, recording: str, detail: dict[str, Any]) -> Told:
    """The fact that a recording is done, the same whether the carrier told it or was asked."""
    key = f"{RECORDED}:{offer}:{recording}"
    return Told(call, key, RECORDED, offer, at, detail={"recording": recording, **detail})
