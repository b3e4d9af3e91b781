"""`pages`: how long the console takes for each of its pages with a million calls stored (goal: 100 ms at p95)."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import click
from flask import Flask
from sqlalchemy import select

from benchmarks import centre_rows, stores
from benchmarks.centre_rows import MONTH
from benchmarks.measured import Measured, at_most, percentile, show
from benchmarks.pages_rows import AT, LAST_DAY, NUMBER, fill
from benchmarks.run import Run
from config.settings import read_settings
from console.app import create_app, open_office
from console.office import Office
from console.shell import MENU
from ivr.accounts.rows import Grant, Role
from ivr.calls.rows import Call, Fact
from ivr.directory.rows import Officer
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from tests.console.people import Person, add_account, sign_in

CALLS, QUICK_CALLS = 1_000_000, 20_000
ROUNDS, QUICK_ROUNDS = 60, 8
GOAL = at_most(100)
OK = 200
OFFICER = "kibo-b"
# Filling takes minutes, which no request ever may.
PATIENCE = 3600.0
YEAR = f"first={LAST_DAY.replace(year=LAST_DAY.year - 1)}&last={LAST_DAY}"
# Beside the first page of every part of the menu. `{call}` becomes the id of a call that has facts.
MORE: dict[str, str] = {
    "wall_now": "/wall/now",
    "calls_year": f"/calls/?{YEAR}",
    "calls_outcome": f"/calls/?{YEAR}&outcome=closed",
    "calls_agent": f"/calls/?{YEAR}&agent=kibo-7",
    "calls_team": f"/calls/?{YEAR}&team=guide",
    "calls_agent_outcome": f"/calls/?{YEAR}&agent=kibo-7&outcome=answered",
    "calls_missed": f"/calls/?{YEAR}&finding=missed&promise=K4",
    "calls_none": f"/calls/?{YEAR}&finding=missed&promise=K9",
    "calls_receipt": f"/calls/?{YEAR}&receipt=R4711",
    "call": "/calls/{call}",
}


# Of the shared centre, for which so many firms have a month of so much usage.
CENTRE: dict[str, str] = {
    "firm": "/firms/f7",
    "bills_month": f"/bills/?month={MONTH}",
    "bills_of_firm": "/bills/f7/",
    "bill": f"/bills/f7/{MONTH}",
    "bill_line": f"/bills/f7/{MONTH}/lines/1",
}
FIRMS, QUICK_FIRMS = 500, 20
# A month of a year of as many calls as are stored: calls, their minutes, answers and texts.
USED, QUICK_USED = 200_000, 20_000


def pages(run: Run) -> None:
    """Server time of every page of the console, beside reading one row by its key, in the same process."""
    rounds = run.many(ROUNDS, when_quick=QUICK_ROUNDS)
    for kind in run.databases:
        with _office(kind, run) as office:
            app = create_app(office)
            person, of_centre = _person(app, office.store), _of_centre(app, office.store)
            call = _call_with_facts(office.store)
            bare = _timed(partial(_one_row, office.store), rounds)
            _show("pages_bare", kind, bare)
            menu = _menu(app)
            for name, address in {**menu, **MORE, "calls_number": _by_number(person)}.items():
                path = address.format(call=call)
                # What only a centre has is asked of the centre.
                asked = person if person.get(path).status_code == OK else of_centre
                _measure(f"pages_{name}", kind, (asked, path), rounds=rounds, bare=bare)
            for name, path in CENTRE.items():
                _measure(f"pages_{name}", kind, (of_centre, path), rounds=rounds, bare=bare)


def _measure(name: str, kind: str, asked: tuple[Person, str], *, rounds: int, bare: Sequence[float]) -> None:
    person, path = asked
    status = person.get(path).status_code
    if status != OK:
        click.echo(f"{path} answered {status}: not measured", err=True)
        return
    _show(name, kind, _timed(partial(person.get, path), rounds), bare)


def _menu(app: Flask) -> dict[str, str]:
    """The first page of every part that there is."""
    with app.test_request_context():
        return {place.name: app.url_for(place.endpoint) for place in MENU if place.endpoint in app.view_functions}


def _by_number(person: Person) -> str:
    """The address of a search for a number that called a thousand times."""
    return str(person.post("/calls/number", {"number": NUMBER.e164}).location)


@contextmanager
def _office(kind: str, run: Run) -> Iterator[Office]:
    """The console's parts as a process has them, over a year of calls and a month of a centre, at its end."""
    with stores.folder() as place, stores.database(kind, place) as url:
        settings = read_settings(stores.settings(url, "unix:///none", place))
        keyring = Keyring.from_secrets(settings.secret_keys.get_secret_value())
        filling = Store(make_engine(url, keyring=keyring, patience=PATIENCE))
        fill(filling, run.many(CALLS, when_quick=QUICK_CALLS))
        firms, used = run.many(FIRMS, when_quick=QUICK_FIRMS), run.many(USED, when_quick=QUICK_USED)
        centre_rows.fill(filling, firms=firms, rows=used)
        filling.engine.dispose()
        office = replace(open_office(settings), clock=lambda: AT)
        yield office
        if office.current is not None:
            office.current.end()
        office.store.engine.dispose()


def _person(app: Flask, store: Store) -> Person:
    """Somebody who may see everything, the desk of an agent too, on the larger of the two lines."""
    with store.transaction() as session:
        account = add_account(session, Role.ADMINISTRATOR, name="benchmark", line="kibo", at=AT, officer=OFFICER)
        for role in (Role.SUPERVISOR, Role.AUDITOR, Role.AGENT):
            account.grants.append(Grant(line="kibo", role=role))
        session.get_one(Officer, OFFICER).agent_id = "kibo-1"
        id = account.id
    return sign_in(app, id)


def _of_centre(app: Flask, store: Store) -> Person:
    """Somebody who may see everything of the shared centre."""
    with store.transaction() as session:
        account = add_account(session, Role.ADMINISTRATOR, name="centre", line=centre_rows.LINE, at=AT)
        account.grants.extend(Grant(line=centre_rows.LINE, role=role) for role in (Role.SUPERVISOR, Role.AUDITOR))
        id = account.id
    return sign_in(app, id)


def _call_with_facts(store: Store) -> str:
    """The last call of the larger line that has facts."""
    with store.reading() as session:
        query = select(Call.id).join(Fact, Fact.subject == Call.id).where(Call.line == "kibo")
        return session.scalars(query.order_by(Call.arrived_at.desc()).limit(1)).one()


def _one_row(store: Store) -> None:
    with store.reading() as session:
        session.execute(select(Call.id, Call.arrived_at).where(Call.id == "b4711")).one()


def _timed(ask: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each round; the first one, which fills caches, is not counted."""
    ask()
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        times.append(1000 * (time.perf_counter() - began))
    return times


def _show(name: str, kind: str, times: Sequence[float], bare: Sequence[float] | None = None) -> None:
    """The median with the floor of the same run, and the 95th percentile, which has the goal."""
    middle, floor = percentile(times, 0.5), percentile(bare, 0.5) if bare else None
    rounds = len(times)
    ratio = middle / floor if floor else None
    show(Measured(f"{name}_p50", kind, middle, "ms", floor, ratio, rounds=rounds, min=min(times), max=max(times)))
    show(Measured(f"{name}_p95", kind, percentile(times, 0.95), "ms", rounds=rounds, goal=GOAL if bare else None))
