"""Writing a message: the one way in; what cannot be sent is said on its row, and nothing written is lost."""

import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, func, select

from ivr.messages.fields import BadText
from ivr.messages.missing import NotProven, write_again
from ivr.messages.rows import Message
from ivr.messages.states import MessageState
from ivr.messages.texts import Texts
from ivr.messages.worth import read_worth
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.optouts.asking import OPT_OUT_DONE
from ivr.optouts.rows import OptOut, Scope, Way
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import CALLER, MORNING, words

KIBO = words()[1].by_id("kibo")
OFFICER = {"department": "보증사업부", "name": "김서연", "title": "과장", "number": "1544-1120"}
MOBILE = PhoneNumber.parse(CALLER)
LANDLINE = PhoneNumber.parse("02-123-4567")


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def with_template(id: str, **changes: object) -> Texts:
    """The installed texts with one template changed."""
    texts = words()[0]
    changed = replace(texts.template(id), **changes)  # type: ignore[arg-type]  # fields of a template
    return replace(texts, templates={**texts.templates, id: changed})


def write(
    store: Store, outgoing: Outgoing | None = None, *, texts: Texts | None = None, **values: str
) -> tuple[Message, list[str]]:
    """Write a message and give back its row and the kinds of all promises."""
    made = outgoing or Outgoing("m1", KIBO, MOBILE, "transfer", "callback:c1", {**OFFICER, **values})
    with store.transaction() as session:
        message = write_message(session, texts or words()[0], made, at=MORNING)
        session.refresh(message)
        session.expunge(message)
    with store.reading() as session:
        return message, sorted(session.scalars(select(PromiseRow.kind)))


def refuse(store: Store, scope: Scope) -> None:
    with store.transaction() as session:
        index = store.keyring.index(MOBILE)
        session.add(
            OptOut(id="o1", line="kibo", number=MOBILE, number_index=index, scope=scope, way=Way.KEY, asked_at=MORNING)
        )


def outgoing(template: str, values: Mapping[str, str] | None = None, *, to: PhoneNumber = MOBILE) -> Outgoing:
    return Outgoing("m1", KIBO, to, template, "callback:c1", values or {})


def test_a_message_is_kept_with_the_promise_to_send_it_and_the_same_id_is_the_same_message(store: Store) -> None:
    message, promises = write(store)
    assert (message.subject, message.call_id, message.template) == ("callback:c1", None, "transfer/1")
    assert message.worth_until == MORNING + timedelta(hours=1)
    assert promises == ["text"]
    again, promises = write(store, name="다른 사람")
    assert (again.body, promises) == (message.body, ["text"])
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Message)) == 1


def test_institution_and_number_of_the_line_are_filled_in(store: Store) -> None:
    message, _ = write(store, outgoing("branches", {"link": "https://hotline.example/t/x"}))
    assert message.body.startswith("[기술보증기금]")
    assert "1544-1120" in message.body


@pytest.mark.parametrize(
    ("name", "shown", "mended"),
    [
        (unicodedata.normalize("NFD", "김서연"), "김서연", None),
        ("김서연😀", "김서연", "😀"),
        ("김똠뷁", "김똠뷁", None),
        ("José", "Jose", "é"),
        ("김\n서연", "김 서연", None),
    ],
)
def test_values_that_no_telephone_shows_are_mended(store: Store, name: str, shown: str, mended: str | None) -> None:
    message, promises = write(store, name=name)
    assert f"담당 보증사업부 {shown} 과장" in message.body
    assert (message.mended, promises) == (mended, ["text"])


def test_a_text_too_long_is_kept_with_its_reason_and_not_sent(store: Store) -> None:
    message, promises = write(store, department="부" * 1200)
    assert (message.state, message.error, promises) == (MessageState.FAILED, "too-long", [])
    assert "부" * 1200 in message.body


@pytest.mark.parametrize(("voice", "promised"), [(True, ["read-out"]), (False, [])])
def test_a_telephone_that_takes_no_texts_is_rung_where_the_template_allows(
    store: Store, voice: bool, promised: list[str]
) -> None:
    texts = with_template("transfer", voice=voice)
    message, promises = write(store, outgoing("transfer", OFFICER, to=LANDLINE), texts=texts)
    assert (message.state, message.error, promises) == (MessageState.FAILED, "no-texts", promised)


@pytest.mark.parametrize(
    ("scope", "kind", "state"),
    [
        (Scope.INFORMATION, "service", MessageState.WRITTEN),
        (Scope.INFORMATION, "information", MessageState.SUPPRESSED),
        (Scope.ALL, "service", MessageState.SUPPRESSED),
        (Scope.ALL, "information", MessageState.SUPPRESSED),
    ],
)
def test_a_refusal_suppresses_what_it_covers(store: Store, scope: Scope, kind: str, state: MessageState) -> None:
    refuse(store, scope)
    message, promises = write(store, texts=with_template("transfer", kind=kind))
    assert message.state is state
    assert promises == (["text"] if state is MessageState.WRITTEN else [])


def test_the_confirmation_of_a_refusal_is_sent_in_spite_of_it(store: Store) -> None:
    refuse(store, Scope.ALL)
    fields = words()[0].template(OPT_OUT_DONE).fields - {"institution", "number"}
    message, promises = write(store, outgoing(OPT_OUT_DONE, dict.fromkeys(fields, "값")))
    assert (message.state, promises) == (MessageState.WRITTEN, ["text"])


def test_an_advertisement_gets_its_mark_its_sender_and_the_free_refusal(store: Store) -> None:
    texts = with_template("transfer", kind="advertisement")
    line = KIBO.model_copy(update={"texts": KIBO.texts.model_copy(update={"refusal_number": "+82801234567"})})
    message, promises = write(store, replace(outgoing("transfer", OFFICER), line=line), texts=texts)
    first, *_, last = message.body.split("\n")
    assert (first, last, promises) == ("(광고) 기술보증기금 1544-1120", "무료수신거부 080-123-4567", ["text"])


def test_an_advertisement_without_a_free_refusal_is_never_sent(store: Store) -> None:
    line = KIBO.model_copy(update={"texts": KIBO.texts.model_copy(update={"refusal_number": None})})
    texts = with_template("transfer", kind="advertisement")
    message, promises = write(store, replace(outgoing("transfer", OFFICER), line=line), texts=texts)
    assert (message.state, message.error, promises) == (MessageState.FAILED, "no-refusal-number", [])


def test_a_missing_value_is_a_fault_of_the_code(store: Store) -> None:
    with pytest.raises(BadText):
        write(store, outgoing("transfer", {"department": "보증사업부"}))


def test_only_what_proved_not_delivered_is_written_again_and_each_time_once(store: Store) -> None:
    write(store)
    with store.transaction() as session:
        message = session.get_one(Message, "m1")
        with pytest.raises(NotProven):
            write_again(session, message, at=MORNING, worth_until=MORNING)
        message.state, message.rank = MessageState.FAILED, 6
        first, second = (write_again(session, message, at=MORNING, worth_until=MORNING) for _ in range(2))
        assert first is second
        assert (first.id, first.again_of, first.body) == ("m1~2", "m1", message.body)
        first.state = MessageState.EXPIRED
        third = write_again(session, first, at=MORNING, worth_until=MORNING)
        assert (third.id, third.again_of) == ("m1~3", "m1")


@pytest.mark.parametrize("text", ["", "soon", "0 minutes", "20", "1 fortnight", 20])
def test_a_span_that_is_none_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="20 minutes"):
        read_worth(text)
