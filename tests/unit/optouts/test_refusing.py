"""A refusal counts at once, once, for what was refused on that line, until it is taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from ivr.messages.rows import Message
from ivr.messages.texts import TemplateKind
from ivr.numbers import PhoneNumber
from ivr.optouts.asking import opted_out
from ivr.optouts.links import is_signed, message_of, refusal_path
from ivr.optouts.refusing import Refusal, refuse, withdraw
from ivr.optouts.rows import OptOut, Scope, Way
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import CALLER, MORNING

NUMBER = PhoneNumber.parse(CALLER)
KINDS: tuple[TemplateKind, ...] = ("service", "information", "advertisement")


def refusal(scope: Scope = Scope.INFORMATION, source: str = "c1:3") -> Refusal:
    return Refusal("kibo", NUMBER, scope, Way.KEY, source)


def refused(store: Store, line: str = "kibo", number: PhoneNumber = NUMBER) -> list[str]:
    index = store.keyring.index(number)
    with store.reading() as session:
        return [kind for kind in KINDS if opted_out(session, index, line, kind=kind)]


def ask(store: Store, asked: Refusal, *, days: int = 0) -> None:
    with store.transaction() as session:
        refuse(session, asked, at=MORNING + timedelta(days=days))


def count(store: Store, table: type) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize(
    ("scope", "kinds"), [(Scope.INFORMATION, ["information", "advertisement"]), (Scope.ALL, list(KINDS))]
)
def test_what_was_refused_is_refused_at_once_on_that_line_alone(engine: Engine, scope: Scope, kinds: list[str]) -> None:
    store = Store(engine)
    assert refused(store) == []
    ask(store, refusal(scope))
    assert refused(store) == kinds
    assert refused(store, "dcgf") == []
    assert refused(store, number=PhoneNumber.parse("010-1000-0002")) == []


def test_a_refusal_repeated_or_made_again_is_one_refusal_and_confirmed_once(engine: Engine) -> None:
    store = Store(engine)
    ask(store, refusal())
    ask(store, refusal())
    ask(store, refusal(source="c2:3"), days=1)
    assert count(store, OptOut) == 1
    with store.reading() as session:
        promised = session.scalars(select(PromiseRow.args).where(PromiseRow.kind == "opt-out-told")).all()
        told = [args for args in promised if session.get(OptOut, args["optout"]) is not None]
    assert len(told) == 1


def test_everything_taken_back_is_confirmed_once_and_a_late_repetition_refuses_nothing(engine: Engine) -> None:
    store = Store(engine)
    ask(store, refusal())
    ask(store, refusal(Scope.ALL, "c2:3"))
    with store.transaction() as session:
        assert len(withdraw(session, "kibo", NUMBER, at=MORNING + timedelta(hours=1))) == 2
    with store.transaction() as session:
        assert withdraw(session, "kibo", NUMBER, at=MORNING + timedelta(hours=2)) == []
    assert refused(store) == []
    ask(store, refusal(), days=1)
    assert refused(store) == []
    with store.reading() as session:
        kinds = session.scalars(select(PromiseRow.kind)).all()
    assert kinds.count("opt-out-undone") == 1


def test_somebody_may_refuse_again_after_taking_it_back(engine: Engine) -> None:
    store = Store(engine)
    ask(store, refusal())
    with store.transaction() as session:
        withdraw(session, "kibo", NUMBER, at=MORNING)
    ask(store, refusal(source="c9:3"), days=1)
    assert refused(store) == ["information", "advertisement"]


def test_a_link_holds_no_number_and_fits_one_message_of_one_person_and_line(engine: Engine) -> None:
    keyring = Store(engine).keyring
    path = refusal_path(keyring, "c1-branches", line_id="kibo", number=NUMBER)
    token = path.removeprefix("/t/")
    assert "1000" not in token
    assert len(path) <= 60
    assert message_of(token) == "c1-branches"
    index = keyring.index(NUMBER)
    assert is_signed(keyring, token, Message(id="c1-branches", line="kibo", recipient_index=index))
    assert not is_signed(keyring, token, Message(id="c1-branches", line="dcgf", recipient_index=index))
    assert not is_signed(keyring, token, Message(id="c2-branches", line="kibo", recipient_index=index))
    other = keyring.index(PhoneNumber.parse("010-1000-0002"))
    assert not is_signed(keyring, token, Message(id="c1-branches", line="kibo", recipient_index=other))


@pytest.mark.parametrize("token", ["", ".", "c1-branches", "c1-branches.", "c1-branches.AAAA", "한글.표", "a.\ud800"])
def test_what_is_no_token_of_ours_is_never_one(engine: Engine, token: str) -> None:
    keyring = Store(engine).keyring
    message = Message(id="c1-branches", line="kibo", recipient_index=keyring.index(NUMBER))
    assert not is_signed(keyring, token, message)
