"""Every view of the console asked about every row, by whoever a test signs in: answers without what is made anew."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from config.recordings import Recordings
from config.uploads import Uploads
from console.app import create_app
from console.office import Office
from ivr.editions.current import Current
from ivr.store import Store
from migrations.models import all_tables
from tests.console.other_lines import STRANGE
from tests.console.people import Person, office_over, sign_in
from tests.http.board import Moment
from tests.unit.editions.made import files

# Arguments that name no row of the database: texts of the installation, quarters, kinds of a file, names of acts.
NO_ROWS: Final = {
    "bills.month": "2026-10",
    "bills.ordinal": "1",
    "bills.form": "csv",
    "charter.form": "csv",
    "charter.key": "K4",
    "charter.period": "2026Q3",
    "lines.firm_id": "hanbit",
    # Pages of a client firm's own, which are asked with two firms' log-ins in test_firms_apart.
    "firm.id": "1",
    "firm.month": "2026-10",
    "firm.ordinal": "1",
    "firm.form": "csv",
    "lines.key": "ko/queue.next",
    "survey_drafts.version": "1",
    "cases.name": "review",
    "firms.name": "sign",
    "knowledge.form": "csv",
    "repairs.name": "accept",
    "wall.key": "kibo.all.kibo-1.20270101.signature",
}
# What the forms ask for; each takes its own fields.
FORM = {
    "version": "1",
    "reason": "민원 확인",
    "text": "다시 들어 주십시오.",
    "note": "전화로 답함",
    "mode": "listen",
    "act": "end",
    "role": "agent",
    "name": "이름",
    "officer": f"{STRANGE}-own-1",
    "ending": ".csv",
    "way": "up",
    "kind": "comment",
    "later_reason": "absent",
    "cause": "abuse",
    "done_note": "문자로 답함",
}
# What lists and forms are asked for by their addresses.
QUERY = "?agent=kibo-1&officer=o1&receipt=c1&call=c1&account=all.kibo-1&subject=call:c1&q=kibo&draft=1&over=1&view=all"
# Made anew for each answer, so that nobody can guess it.
FRESH = re.compile(r'name="csrf" content="[^"]*"|value="[\w.-]{60,}"|[0-9a-f]{8,}|"X-CSRF": "[^"]*"')


View = tuple[str, str]


class Place:
    """An installation with its console, in which people sign in."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        clock = Moment()
        current = Current(files(), Store(engine), clock=clock, tell=lambda words: None)
        folders = {"recordings": Recordings(folder), "uploads": Uploads(folder)}
        self.office: Office = office_over(engine, clock, current=current, **folders)
        self.app: Flask = create_app(self.office)

    def enter(self, account: str) -> Person:
        """This account, signed in."""
        return sign_in(self.app, account)

    def rows(self) -> dict[str, list[str]]:
        """Everything in the database, but for the sessions, which note when they were seen."""
        with self.engine.connect() as connection:
            return {
                name: sorted(map(repr, connection.execute(table.select())))
                for name, table in all_tables().tables.items()
                if name != "console_session"
            }


def values_of(rule: Rule, ids: dict[str, str]) -> dict[str, str]:
    """An id for each argument of a rule; a new view without one fails here: add a row of its kind to `other_lines`."""
    known = {**NO_ROWS, **ids}
    room = rule.endpoint.partition(".")[0]
    return {name: known.get(f"{rule.endpoint}.{name}") or known[f"{room}.{name}"] for name in rule.arguments}


def is_of_row(rule: Rule, ids: dict[str, str]) -> bool:
    room = rule.endpoint.partition(".")[0]
    return any({f"{rule.endpoint}.{name}", f"{room}.{name}"} & set(ids) for name in rule.arguments)


def rules_of(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every view with each of its methods, but for files and what ends the session."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in {"static", "sign_in.out", "desk.stream"}:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method


def plain(answer: TestResponse) -> str:
    """What somebody sees, without what is made anew for each answer."""
    with answer:
        return (
            f"{answer.status_code} {answer.location or ''} {FRESH.sub('', answer.get_data().decode(errors='replace'))}"
        )


def addresses(place: Place, ids: dict[str, str]) -> list[tuple[Rule, str, str]]:
    """Every view with its methods and the address of these rows."""
    adapter = place.app.url_map.bind("localhost")
    return [
        (rule, method, adapter.build(rule.endpoint, values_of(rule, ids), method))
        for rule, method in rules_of(place.app)
    ]


def asked(
    place: Place, person: Person, ids: dict[str, str], *, methods: Collection[str] = ("GET", "POST")
) -> dict[View, str]:
    """Every answer about a row, and every page, also with what a list may be asked for, by view and method."""
    answers = {}
    for rule, method, address in addresses(place, ids):
        if method in methods and (method == "GET" or is_of_row(rule, ids)):
            answers[rule.endpoint, method] = plain(_ask(person, address, method))
        if method == "GET":
            answers[rule.endpoint, "query"] = plain(_ask(person, address + QUERY, method))
    return answers


def _ask(person: Person, address: str, method: str) -> TestResponse:
    return person.get(address) if method == "GET" else person.post(address, FORM)
