"""The pages of cases: the list by due date, what customers are still to be told, and one with its story."""

from collections.abc import Sequence

from flask import render_template, request

from console.cases import acting, exporting, taking
from console.cases.opening import pairs, show
from console.cases.room import ACTING, blueprint
from console.finding import sight
from console.office import office
from console.officers import choice_of
from console.paging import PageOf, asked_after_moment, cut
from console.stories import names_of
from console.visitor import allowed, visitor, wording
from ivr.cases.finding import NOBODY, PAGE, SOON, Sought, cases_owing, find_cases, marks_of, standing_of
from ivr.cases.rows import Case, CaseState
from ivr.cases.taking import KINDS
from ivr.directory.sight import Sight

# Their views are of the same blueprint.
__all__ = ["acting", "blueprint", "exporting", "taking"]
MINE = "me"
VIEWS = ("open", "mine", "tell", "all")


@blueprint.get("/")
@allowed()
def page() -> str:
    """Cases that wait for an answer, due first before others; `?view=` is one of VIEWS."""
    at, view = office().clock(), request.args.get("view", "open")
    with office().store.reading() as session:
        narrowed = sight(session)
        sought = _sought(narrowed, view)
        if view == "tell":
            rows = PageOf(cases_owing(session, sought, at=at), None, is_first=True)
        else:
            rows = _cut(find_cases(session, sought, after=asked_after_moment(), limit=PAGE + 1), sought)
        return render_template(
            "cases/page.html",
            page=rows,
            view=view,
            sought=sought,
            standing=standing_of(session, visitor().line.id, sight=narrowed, at=at),
            marks=marks_of(session, rows.rows),
            names=names_of(session, (case.officer_id for case in rows.rows)),
            officers=choice_of(session),
            is_narrowed=narrowed is not None,
            soon=at + SOON,
            choices=_choices(),
            nobody=NOBODY,
            mine=MINE,
            may_take=visitor().may(*ACTING),
        )


@blueprint.get("/<id>")
@allowed()
def one(id: str) -> str:
    """One case: what it is about, until when, its story, what was judged, and what can be done."""
    return show(id)


def _choices() -> dict[str, list[tuple[str, str]]]:
    departments = sorted({team.department for team in visitor().line.teams.values()})
    every = ("", wording().say("common.all"))
    return {
        "kinds": [every, *pairs("kind", KINDS)],
        "states": [every, *pairs("state", tuple(state.value for state in CaseState))],
        "handlers": [every, *((name, name) for name in departments)],
    }


def _sought(narrowed: Sight | None, view: str) -> Sought:
    given, person = request.args, visitor()
    state, officer = given.get("state", ""), MINE if view == "mine" else given.get("officer") or None
    return Sought(
        line=person.line.id,
        is_open=view in {"open", "mine"},
        kind=given.get("kind") or None,
        state=CaseState(state) if state in set(CaseState) else None,
        officer=person.officer_id or NOBODY if officer == MINE else officer,
        handler=given.get("handler") or None,
        receipt=given.get("receipt", "").strip().upper() or None,
        sight=narrowed,
    )


def _cut(rows: Sequence[Case], sought: Sought) -> PageOf[Case]:
    def mark(case: Case) -> tuple[str, str]:
        return (case.due_at if sought.is_open else case.received_at).isoformat(), case.id

    return cut(rows, PAGE, mark)
