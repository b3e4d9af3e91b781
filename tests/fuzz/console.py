"""The console attacked: every view as every role, with the forms that its own pages hold, spoilt."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter
from werkzeug.test import TestResponse

from console.visitor import EVERYBODY
from ivr.accounts.rows import Account, Grant, Role
from tests.console.asking import FORM, Place, rules_of, values_of
from tests.console.other_firms import account_of
from tests.console.other_lines import CENTRE, Filled, fill
from tests.console.people import Person
from tests.fuzz.strange import Pairs, names, spoilt, values
from tests.http.board import FORM as FORM_TYPE
from tests.http.board import Moment

NEVER_SHOWN: Final = ("Traceback (most recent call last)", "sqlalchemy.exc", "psycopg.errors", "werkzeug.debug")
ENDING: Final = "sign_in.out"


class Forms(HTMLParser):
    """The forms of a page that are sent by POST: their addresses, and their fields as they stand."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address, self.found = address, list[tuple[str, Pairs]]()
        self._open: tuple[str, list[tuple[str, str]]] | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a form, or note a field of the open one."""
        given = {name: value or "" for name, value in attrs}
        if address := given.get("hx-post"):
            self.found.append((urlsplit(address).path, ()))
        if tag == "form" and given.get("method", "").lower() == "post":
            self._open = (urlsplit(given.get("action", "")).path or self.address, [])
        elif self._open is not None and tag in {"input", "textarea", "button"} and given.get("name"):
            self._open[1].append((given["name"], given.get("value", "")))
        elif tag == "select":
            self._select = given.get("name", "")
        elif self._open is not None and tag == "option" and self._select:
            self._open[1].append((self._select, given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        """The form is whole."""
        if tag == "select":
            self._select = ""
        if tag == "form" and self._open is not None:
            address, fields = self._open
            self.found.append((address, tuple(pair for pair in dict(fields).items() if pair[0] != "csrf")))
            self._open = None


@dataclass
class Stage:
    """A console over rows of every kind, people of every role, and the forms that they find there."""

    place: Place
    filled: Filled
    accounts: dict[str, str]
    people: dict[str, Person] = field(default_factory=dict)
    forms: dict[str, list[Pairs]] = field(default_factory=dict)

    @classmethod
    def over(cls, engine: Engine, folder: Path) -> "Stage":
        """Fill an empty database and look at every page once, for its forms."""
        place = Place(engine, folder)
        filled = fill(place.office, place.enter)
        accounts = {f"owner-{number}": owner.account_id for number, owner in enumerate(filled.owners)}
        accounts |= {f"{role.value}": _of_role(place, role) for role in sorted(EVERYBODY)}
        accounts[Role.FIRM.value] = account_of(place.office, "hanbit")
        stage = cls(place, filled, accounts)
        stage._collect()
        return stage

    def person(self, who: str) -> Person:
        """Somebody signed in."""
        if who not in self.people:
            # A session of its own for each sign-in, which are told apart by their time.
            clock = self.place.office.clock
            assert isinstance(clock, Moment)
            clock.pass_time(1)
            self.people[who] = self.place.enter(self.accounts[who])
        return self.people[who]

    def forget(self, who: str) -> None:
        """An attack ended the session: this person has to sign in again."""
        self.people.pop(who, None)

    def rules(self) -> Iterator[tuple[Rule, str]]:
        """Every view by each of its methods."""
        return rules_of(self.place.app)

    def _collect(self) -> None:
        for rule, method in self.rules():
            # Of a page about a row, whoever owns it sees the form; of any other, one person is as good as another.
            for who in [who for who in self.accounts if who.startswith("owner")][: None if rule.arguments else 1]:
                if method == "GET":
                    self._note(self.person(who), _built(rule, self._values(rule)))

    def _note(self, person: Person, address: str) -> None:
        with person.get(address) as answer:
            if answer.status_code != 200 or answer.mimetype != "text/html":
                return
            parser = Forms(address)
            parser.feed(answer.get_data(as_text=True))
        adapter = self.place.app.url_map.bind("localhost")
        for target, pairs in parser.found:
            if pairs and adapter.test(target, "POST"):
                rule = adapter.match(target, "POST", return_rule=True)[0]
                known = self.forms.setdefault(rule.endpoint, [])
                if len(known) < 4 and pairs not in known:
                    known.append(pairs)

    def _values(self, rule: Rule) -> dict[str, str]:
        return values_of(rule, self.filled.ids)

    def address(self, rule: Rule, data: st.DataObject) -> str:
        """An address of a view: of rows that there are, or of something strange in their place."""
        known = self._values(rule)
        for name in sorted(rule.arguments):
            if data.draw(st.integers(0, 3)) == 0:
                is_number = isinstance(rule._converters[name], NumberConverter)
                known[name] = str(data.draw(st.integers(0, 10**25))) if is_number else data.draw(values) or "x"
        return _built(rule, known)

    def form(self, rule: Rule, data: st.DataObject) -> Pairs:
        """A form of that view as its page has it, or what many forms ask for; spoilt."""
        known = self.forms.get(rule.endpoint) or [tuple(FORM.items())]
        return data.draw(spoilt(data.draw(st.sampled_from(known))))


def attack_a_view(stage: Stage, rule: Rule, method: str, data: st.DataObject) -> None:
    """One strange request by somebody who is signed in; raises AssertionError where the view fails or shows how."""
    owners = [who for who in stage.accounts if who.startswith("owner")]
    who = data.draw(st.sampled_from(owners if data.draw(st.integers(0, 3)) else sorted(stage.accounts)))
    person, address = stage.person(who), stage.address(rule, data)
    headers = {"HX-Request": "true"} if data.draw(st.booleans()) else {}
    if method == "GET":
        query = urlencode(data.draw(st.lists(st.tuples(_asked_for, values), max_size=3)))
        answer, told = person.get(f"{address}?{query}", **headers), f"{who} GET {address}?{query}"
    else:
        pairs = stage.form(rule, data)
        body = urlencode((("csrf", person.token), *pairs))
        answer = person.client.post(address, data=body, content_type=FORM_TYPE, headers=headers, buffered=True)
        told = f"{who} POST {address} {pairs}"
    if "/sign-in" in answer.headers.get("Location", answer.headers.get("HX-Redirect", "")) or answer.status_code == 401:
        stage.forget(who)
    _judge(answer, told)


# What pages read out of their addresses, and names that none reads.
ASKED_FOR: Final = (
    *("q", "text", "after", "before", "first", "last", "id", "agent", "officer", "receipt", "call", "account", "page"),
    *("state", "kind", "line", "period", "day", "from", "until", "draft", "over", "view", "sort", "team", "firm"),
    *("number", "subject", "form", "month", "next", "purpose", "queue", "step"),
)
_asked_for = st.one_of(st.sampled_from(ASKED_FOR), names)


def _judge(answer: TestResponse, told: str) -> None:
    with answer:
        body = answer.get_data().decode(errors="replace")
    assert answer.status_code < 500, f"{told}: {answer.status_code}"
    assert "X-Injected" not in answer.headers, told
    assert not any(shown in body for shown in NEVER_SHOWN), told


def _built(rule: Rule, known: dict[str, str]) -> str:
    numbered = {
        name: int(value) if isinstance(rule._converters[name], NumberConverter) else value
        for name, value in known.items()
    }
    built = rule.build(numbered)
    assert built is not None, rule.rule
    return str(built[1])


def _of_role(place: Place, role: Role) -> str:
    """An account with nothing but this role, at the line of the centre's rows."""
    with place.office.store.transaction() as session:
        account = Account(id=f"only-{role.value}", name="한지원", made_at=place.office.clock())
        account.grants = [Grant(line=CENTRE if role is Role.AUDITOR else "kibo", role=role)]
        session.add(account)
        return account.id
