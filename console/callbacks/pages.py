"""The pages of callbacks: the list by due time, and one of them with its story."""

from collections.abc import Sequence

from flask import render_template, request

from console.callbacks import acting
from console.callbacks.opening import show
from console.callbacks.room import blueprint
from console.finding import sight
from console.office import office
from console.officers import choice_of
from console.paging import PageOf, asked_after_moment, cut
from console.stories import names_of
from console.visitor import allowed, visitor, wording
from ivr.callbacks.reading import NOBODY, PAGE, SOON, Sought, find_callbacks, standing_of
from ivr.callbacks.rows import Callback, CallbackOutcome
from ivr.directory.sight import Sight

# Its forms are views of the same blueprint.
__all__ = ["acting", "blueprint"]
MINE = "me"


@blueprint.get("/")
@allowed()
def page() -> str:
    """Who waits for a call, due first before others; `?over=1` shows those that are over."""
    at, words = office().clock(), wording()
    with office().store.reading() as session:
        narrowed = sight(session)
        sought = _sought(narrowed)
        found = find_callbacks(session, sought, after=asked_after_moment(), limit=PAGE + 1)
        return render_template(
            "callbacks/page.html",
            page=_page_of(found, sought),
            sought=sought,
            standing=standing_of(session, visitor().line.id, sight=narrowed, at=at),
            names=names_of(session, (callback.officer_id for callback in found)),
            officers=choice_of(session),
            is_narrowed=narrowed is not None,
            soon=at + SOON,
            outcomes=[("", words.say("common.all")), *_outcomes()],
            teams=[("", words.say("common.all")), *((team.id, team.name) for team in visitor().line.teams.values())],
            nobody=NOBODY,
            mine=MINE,
        )


@blueprint.get("/<id>")
@allowed()
def one(id: str) -> str:
    """One callback: who, until when, its story, what was judged, and what can be done."""
    return show(id)


def _outcomes() -> list[tuple[str, str]]:
    say = wording().say
    return [(outcome.value, say(f"callbacks.outcome_short.{outcome.value}")) for outcome in CallbackOutcome]


def _sought(narrowed: Sight | None) -> Sought:
    given, person = request.args, visitor()
    outcome, officer = given.get("outcome", ""), given.get("officer") or None
    return Sought(
        line=person.line.id,
        is_over=given.get("over") == "1",
        team=given.get("team") or None,
        officer=person.officer_id or NOBODY if officer == MINE else officer,
        outcome=CallbackOutcome(outcome) if outcome in set(CallbackOutcome) else None,
        has_slipped=given.get("slipped") == "1",
        receipt=given.get("receipt", "").strip().upper() or None,
        sight=narrowed,
    )


def _page_of(rows: Sequence[Callback], sought: Sought) -> PageOf[Callback]:
    def mark(callback: Callback) -> tuple[str, str]:
        at = callback.closed_at if sought.is_over else callback.due_at
        return (at or callback.due_at).isoformat(), callback.id

    return cut(rows, PAGE, mark)
