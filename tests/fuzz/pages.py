"""The public pages attacked: every route that the carrier does not sign for, with links that are real and spoilt."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from sqlalchemy import Engine, select
from werkzeug.routing import Rule

from ivr.addresses import Address
from ivr.cases.acting import answer as answer_case
from ivr.consents.links import consent_path
from ivr.consents.rows import Purpose
from ivr.messages.rows import Message
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.optouts.links import refusal_path
from ivr.people.finding import known_person
from ivr.surveys.interviews import begun_by_dial
from ivr.surveys.links import form_path
from tests.fuzz.strange import PERSON, Pairs, names, spoilt, values
from tests.http.board import FORM, MORNING, Moment, board_over
from tests.http.test_charter_page import publish
from tests.interviewing import Rung, ring
from tests.unit.cases.desk import Desk
from webhooks.app import create_app
from webhooks.switchboard import Switchboard

API: Final = "/api/"
NUMBER: Final = PhoneNumber.parse(PERSON)
FORMS: Final[tuple[Pairs, ...]] = (
    (),
    (("scope", "all"),),
    tuple((purpose.value, "yes") for purpose in Purpose),
    (("points", "4"),),
    (("greeting", "5"), ("answer", "4"), ("closing", "1"), ("comment", "잘 들렸습니다."), ("refuse", "")),
    (("slot", "2026-11-24T10:00:00+09:00"), ("phone", "010-2345-6789"), ("customer", "김"), ("topic", "기한")),
    (("request", "abcdefghijklmnop"), ("code", "123456")),
)
# Nobody's whole number, no trace of a program.
NEVER_SHOWN: Final = (NUMBER.national, NUMBER.e164, "Traceback", "sqlalchemy")


@dataclass
class Public:
    """The app over a database in which somebody was given a link of every kind."""

    app: Flask
    browser: FlaskClient
    links: dict[str, list[str]]
    clock: Moment

    @classmethod
    def over(cls, engine: Engine) -> "Public":
        """Fill an empty database."""
        clock = Moment()
        board = board_over(engine, clock)
        links = ["/charter/kibo", "/charter/kibo/2026Q3", "/book/dcgf", "/media/waiting.wav"]
        links += [_refusal(board), _consent(board), _survey(board), _rating(engine, board)]
        publish(engine)
        app = create_app(board)
        return cls(app, app.test_client(), _by_rule(app, links), clock)

    def rules(self) -> Iterator[tuple[Rule, str]]:
        """Every route that the carrier does not sign for and no token of the API guards, by each of its methods."""
        signed = {entry.value for entry in Address}
        for rule in self.app.url_map.iter_rules():
            if rule.rule not in signed and not rule.rule.startswith(API):
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield rule, method


def attack_a_page(public: Public, rule: Rule, method: str, data: st.DataObject) -> None:
    """One strange request to a route; raises AssertionError where it fails or shows what it must not."""
    address = data.draw(_address(rule, public.links.get(rule.rule, [])))
    if data.draw(st.booleans()):
        address += "?" + urlencode(data.draw(st.lists(st.tuples(names, values), max_size=3)))
    form = data.draw(spoilt(data.draw(st.sampled_from(FORMS)))) if method == "POST" else ()
    public.clock.pass_time(1)
    answer = public.browser.open(address, method=method, data=urlencode(form), content_type=FORM)
    told = f"{method} {address} {form}: {answer.status_code}"
    assert answer.status_code < 500, told
    assert "X-Injected" not in answer.headers, told
    assert answer.headers["X-Content-Type-Options"] == "nosniff", told
    if answer.mimetype == "text/html" and answer.status_code not in {301, 308, 404, 405}:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"], told
    assert not any(shown in answer.get_data(as_text=True) for shown in NEVER_SHOWN), told


@st.composite
def _address(draw: st.DrawFn, rule: Rule, links: list[str]) -> str:
    """A link that we gave out, one with a letter changed, or one that somebody made up."""
    is_changed: bool = draw(st.booleans())
    if links and is_changed:
        link = draw(st.sampled_from(links))
        place = draw(st.integers(0, len(link)))
        return link if place == 0 else link[:place] + quote(draw(values)) + link[place + draw(st.integers(0, 1)) :]
    made = {name: draw(values) or "x" for name in rule.arguments}
    built = rule.build(made)
    assert built is not None
    return str(built[1])


def _by_rule(app: Flask, links: list[str]) -> dict[str, list[str]]:
    adapter, found = app.url_map.bind("localhost"), dict[str, list[str]]()
    for link in links:
        found.setdefault(adapter.match(link, "GET", return_rule=True)[0].rule, []).append(link)
    return found


def _refusal(board: Switchboard) -> str:
    line = board.line("dcgf")
    path = refusal_path(board.store.keyring, "c1-branches", line_id=line.id, number=NUMBER)
    outgoing = Outgoing("c1-branches", line, NUMBER, "branches", "menu:c1", {"link": board.public_base_url + path})
    with board.store.transaction() as session:
        write_message(session, board.texts, outgoing, at=MORNING)
    return path


def _consent(board: Switchboard) -> str:
    with board.store.transaction() as session:
        return consent_path(board.store.keyring, known_person(session, "dcgf", NUMBER, at=MORNING), at=MORNING)


def _survey(board: Switchboard) -> str:
    rung = Rung(board.line("dcgf"), board.surveys.of("happy-dcgf"), NUMBER.e164)
    id = ring(board.store, rung, at=MORNING)
    with board.store.statement() as connection:
        connection.execute(begun_by_dial(board.store.dialect, id, version=1, at=MORNING))
    return form_path(board.store.keyring, id)


def _rating(engine: Engine, board: Switchboard) -> str:
    desk = Desk.over(engine)
    desk.do(answer_case, desk.take(), "한도는 홈페이지에서 보실 수 있습니다.")
    desk.pass_time(minutes=1)
    with board.store.reading() as session:
        body = session.scalars(select(Message.body).where(Message.template == "case-result/1")).one()
    return "/r/" + (body or "").partition("/r/")[2].split()[0]
