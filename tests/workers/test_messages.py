"""Sending texts: who is asked, what is never asked twice, what is tried elsewhere, and what is read out instead."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from config.files import PROVIDERS, read_file
from ivr.lines.model import Lines
from ivr.messages.attempts import attempts_of
from ivr.messages.delivery import advance
from ivr.messages.missing import UNANSWERED, NotProven, write_again
from ivr.messages.providers import load_providers
from ivr.messages.rows import LONGEST_ID, Message
from ivr.messages.states import AttemptOutcome, MessageState
from ivr.messages.weighing import set_share
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.optouts.rows import OptOut, Scope, Way
from ivr.orders import AskText, FindText, Found, Order, Receipt, Rejected, SendText
from ivr.promises import PromiseRow
from tests.http.board import CALLER, MORNING, words
from tests.workers.kept import Works

BOTH = load_providers(read_file(PROVIDERS))
OFFICER = {"department": "보증사업부", "name": "김서연", "title": "", "number": "1544-1120"}


@pytest.fixture
def works(engine: Engine) -> Works:
    works = Works.over(engine)
    use(works, voice="transfer")
    return works


def use(works: Works, *, voice: str = "", expires_on: date = date(2029, 1, 1)) -> None:
    """Both providers; `voice` is a template that may be read out, `expires_on` the end of the registration."""
    house = works.keeper.house
    templates = dict(house.texts.templates)
    if voice:
        templates[voice] = replace(templates[voice], voice=True)
    kibo = house.lines.by_id("kibo")
    senders = tuple(one.model_copy(update={"expires_on": expires_on}) for one in kibo.texts.senders)
    lines = Lines([kibo.model_copy(update={"texts": kibo.texts.model_copy(update={"senders": senders})})])
    made = replace(house, providers=BOTH, texts=replace(house.texts, templates=templates), lines=lines)
    object.__setattr__(works.keeper, "house", made)


def write(works: Works, id: str = "m1", *, name: str = "김서연", subject: str = "agent:a1") -> None:
    house = works.keeper.house
    with works.store.transaction() as session:
        values = {**OFFICER, "name": name}
        outgoing = Outgoing(id, house.lines.by_id("kibo"), PhoneNumber.parse(CALLER), "transfer", subject, values)
        write_message(session, house.texts, outgoing, at=works.clock.at)


def voiceless(works: Works) -> None:
    """No template is read out."""
    house = works.keeper.house
    templates = {id: replace(template, voice=False) for id, template in house.texts.templates.items()}
    object.__setattr__(works.keeper, "house", replace(house, texts=replace(house.texts, templates=templates)))


def only(works: Works, name: str) -> None:
    """Give everything to one provider, the other one remains to fall back on."""
    with works.store.transaction() as session:
        for one in BOTH.providers:
            set_share(session, BOTH, one, share=100 if one == name else 0, at=works.clock.at)


def answers(works: Works, told: Mapping[type, list[Receipt]]) -> None:
    """Answer orders of these kinds like this, in turn; others as ever."""
    real = works.carrier.do

    def do(order: Order) -> Receipt:
        receipt = real(order)
        left = told.get(type(order))
        return left.pop(0) if left else receipt

    object.__setattr__(works.carrier, "do", do)


def state(works: Works, id: str = "m1") -> tuple[str, str | None]:
    with works.store.reading() as session:
        message = session.get_one(Message, id)
        return message.state.value, message.error


def asked(works: Works) -> list[tuple[str, str]]:
    """The orders about texts so far: kind and provider."""
    return [
        (type(order).__name__, order.provider)
        for order in works.carrier.given
        if isinstance(order, SendText | FindText | AskText)
    ]


def promised(works: Works, kind: str) -> list[str]:
    with works.store.reading() as session:
        return list(session.scalars(select(PromiseRow.key).where(PromiseRow.kind == kind)))


def work_for(works: Works, seconds: int, step: int = 5) -> None:
    for _ in range(0, seconds, step):
        works.work()
        works.clock.pass_time(step)


def test_a_provider_that_is_busy_or_out_of_reach_is_left_for_the_other_at_once(works: Works) -> None:
    only(works, "nhn")
    write(works)
    works.carrier.answers = ["too many"]
    works.work()
    assert asked(works) == [("SendText", "nhn"), ("SendText", "twilio")]
    assert works.clock.at == MORNING
    with works.store.reading() as session:
        orders = attempts_of(session, session.get_one(Message, "m1"))
        outcomes = [(one.provider, one.outcome) for one in orders]
    assert outcomes == [("nhn", AttemptOutcome.BUSY), ("twilio", AttemptOutcome.ACCEPTED)]


def test_where_all_are_busy_it_is_tried_again_until_it_is_not_worth_it(works: Works) -> None:
    write(works)
    works.carrier.answers = ["too many"] * 999
    work_for(works, 4000, 60)
    assert state(works) == ("expired", "too late")
    assert len(asked(works)) < 40


def test_an_order_without_an_answer_is_looked_up_at_that_provider_and_nowhere_else(works: Works) -> None:
    only(works, "nhn")
    write(works)
    answers(works, {FindText: [Found("sms/R1", "queued", None)]})
    works.carrier.answers = ["silence"]
    work_for(works, 5)
    only(works, "twilio")
    works.work()
    assert asked(works)[:2] == [("SendText", "nhn"), ("FindText", "nhn")]
    assert ("SendText", "twilio") not in asked(works)
    assert state(works) == ("queued", None)


def test_only_a_look_up_that_finds_nothing_late_enough_lets_another_provider_send(works: Works) -> None:
    only(works, "nhn")
    write(works)
    works.carrier.answers = ["silence"]
    works.work()
    only(works, "twilio")
    work_for(works, 30, 2)
    assert {kind for kind, _ in asked(works)[1:]} <= {"FindText"}
    work_for(works, 10, 2)
    sent = [provider for kind, provider in asked(works) if kind == "SendText"]
    assert sent == ["nhn", "twilio"]


def test_a_worker_that_dies_after_its_order_leaves_a_message_that_is_looked_up(works: Works) -> None:
    only(works, "nhn")
    write(works)
    real = works.carrier.do

    def dies(order: object) -> None:
        works.carrier.given.append(order)  # type: ignore[arg-type]  # an order, as the port takes it
        raise KeyboardInterrupt

    object.__setattr__(works.carrier, "do", dies)
    with pytest.raises(KeyboardInterrupt):
        works.work()
    object.__setattr__(works.carrier, "do", real)
    only(works, "twilio")
    works.clock.pass_time(40)
    works.work()
    assert asked(works)[:2] == [("SendText", "nhn"), ("FindText", "nhn")]
    assert [provider for kind, provider in asked(works) if kind == "SendText"] == ["nhn", "twilio"]


def test_a_refusal_that_blames_the_telephone_is_read_out_where_the_template_allows(works: Works) -> None:
    only(works, "twilio")
    write(works)
    answers(works, {SendText: [Rejected(21614, "not a mobile number", permanent=True)]})
    works.work()
    assert state(works) == ("failed", "21614")
    assert promised(works, "read-out") == ["read-out:m1"]


def test_a_report_answers_for_an_order_that_got_no_answer(works: Works) -> None:
    only(works, "twilio")
    write(works)
    works.carrier.answers = ["silence"]
    works.work()
    with works.store.statement() as connection:
        connection.execute(advance("m1", MessageState.SENT, sid="SM-told"))
    work_for(works, 60)
    assert asked(works) == [("SendText", "twilio")]
    with works.store.reading() as session:
        message = session.get_one(Message, "m1")
        (order,) = attempts_of(session, message)
    assert (message.sid, order.outcome) == ("SM-told", AttemptOutcome.ACCEPTED)


@pytest.mark.parametrize(("id", "subject", "is_voiced"), [("m1", "agent:a1", True), ("m2", "callback:c1", False)])
def test_a_report_that_is_lost_is_asked_for_where_something_waits_for_it(
    works: Works, id: str, subject: str, is_voiced: bool
) -> None:
    if not is_voiced:
        voiceless(works)
    only(works, "twilio")
    write(works, id, subject=subject)
    answers(works, {AskText: [Found("SM1", "undelivered", None, error="30006")]})
    work_for(works, 180, 30)
    assert asked(works) == [("SendText", "twilio"), ("AskText", "twilio")]
    assert state(works, id) == ("undelivered", "30006")


def test_where_nothing_waits_for_it_a_lost_report_is_asked_for_later(works: Works) -> None:
    voiceless(works)
    only(works, "twilio")
    write(works)
    answers(works, {AskText: [Found("SM1", "delivered", works.clock.at)]})
    work_for(works, 300, 30)
    assert asked(works) == [("SendText", "twilio")]
    work_for(works, 360, 30)
    assert asked(works) == [("SendText", "twilio"), ("AskText", "twilio")]
    assert state(works) == ("delivered", None)


def test_a_message_whose_report_came_is_not_asked_about(works: Works) -> None:
    voiceless(works)
    only(works, "twilio")
    write(works)
    works.work()
    with works.store.statement() as connection:
        connection.execute(advance("m1", MessageState.DELIVERED))
    work_for(works, 900, 60)
    assert asked(works) == [("SendText", "twilio")]


def test_a_message_of_which_nobody_said_what_became_of_it_is_never_written_again(works: Works) -> None:
    only(works, "nhn")
    write(works)
    answers(works, {FindText: [Rejected(20003, "not let in", permanent=False)] * 999})
    works.carrier.answers = ["silence"]
    work_for(works, 93_600, 3_600)
    assert state(works) == ("failed", UNANSWERED)
    with works.store.transaction() as session, pytest.raises(NotProven):
        write_again(session, session.get_one(Message, "m1"), at=works.clock.at, worth_until=works.clock.at)


def test_a_refusal_that_blames_us_fails_the_message_and_is_not_tried_elsewhere(works: Works) -> None:
    only(works, "nhn")
    write(works)
    answers(works, {SendText: [Rejected(-2312, "sender not registered", permanent=True)]})
    work_for(works, 60)
    assert state(works) == ("failed", "-2312")
    assert asked(works) == [("SendText", "nhn")]
    assert promised(works, "read-out") == []


def test_a_provider_that_does_not_report_is_asked_until_it_knows(works: Works) -> None:
    only(works, "nhn")
    write(works)
    arrived = MORNING + timedelta(seconds=9)
    told: list[Receipt] = [Found("x", "sent", None), Found("x", "sent", None), Found("x", "delivered", arrived)]
    answers(works, {AskText: told})
    work_for(works, 60)
    assert state(works) == ("delivered", None)
    assert asked(works) == [("SendText", "nhn"), *[("AskText", "nhn")] * 3]
    with works.store.reading() as session:
        assert session.get_one(Message, "m1").delivered_at == arrived


def test_a_delivery_that_failed_by_the_network_is_written_again_at_most_twice(works: Works) -> None:
    only(works, "nhn")
    write(works)
    failed: list[Receipt] = [Found("x", "undelivered", None, error="2001") for _ in range(9)]
    answers(works, {AskText: failed})
    work_for(works, 90)
    assert [kind for kind, _ in asked(works)].count("SendText") == 1, "what is switched off is not on again at once"
    work_for(works, 600)
    assert [state(works, id) for id in ("m1", "m1~2", "m1~3")] == [("undelivered", "2001")] * 3
    assert [kind for kind, _ in asked(works)].count("SendText") == 3
    assert promised(works, "read-out") == []


def test_a_message_with_the_longest_id_is_written_again_too(works: Works) -> None:
    only(works, "nhn")
    long = "v" * LONGEST_ID
    write(works, long)
    answers(works, {AskText: [Found("x", "undelivered", None, error="2001")] * 9})
    work_for(works, 600)
    assert [state(works, long[:58] + end) for end in ("~2", "~3")] == [("undelivered", "2001")] * 2


def test_a_delivery_that_failed_by_the_telephone_is_read_out_once_however_often_it_is_reported(works: Works) -> None:
    only(works, "twilio")
    write(works)
    works.work()
    for number in range(3):
        with works.store.statement() as connection:
            connection.execute(advance("m1", MessageState.UNDELIVERED, "30006"))
        works.promise("text-over", key=f"text-over:{number}", message="m1")
        works.work()
    assert promised(works, "read-out") == ["read-out:m1"]


def test_a_message_whose_sender_ran_out_meanwhile_is_never_sent(works: Works) -> None:
    write(works)
    use(works, expires_on=date(2026, 11, 22))
    works.work()
    assert state(works) == ("failed", "sender registration expired")
    assert asked(works) == []


def test_a_refusal_of_texts_is_effective_at_once_even_for_what_is_written_already(works: Works) -> None:
    write(works)
    with works.store.transaction() as session:
        number = PhoneNumber.parse(CALLER)
        session.add(
            OptOut(
                id="o1",
                line="kibo",
                number=number,
                number_index=works.store.keyring.index(number),
                scope=Scope.ALL,
                way=Way.KEY,
                asked_at=MORNING,
            )
        )
    works.work()
    assert (state(works), asked(works)) == (("suppressed", "opted-out"), [])
    assert promised(works, "read-out") == ["read-out:m1"]


def test_signs_that_only_one_provider_carries_go_by_that_provider(works: Works) -> None:
    only(works, "twilio")
    write(works, name="김똠")
    works.work()
    assert asked(works)[0] == ("SendText", "nhn")


def test_where_no_provider_carries_a_sign_it_is_replaced_and_the_row_keeps_what_was_written(works: Works) -> None:
    house = replace(works.keeper.house, providers=BOTH.only("twilio"))
    object.__setattr__(works.keeper, "house", house)
    write(works, name="김똠")
    works.work()
    (order,) = works.carrier.given
    assert isinstance(order, SendText)
    assert "김○" in order.body
    with works.store.reading() as session:
        assert "김똠" in session.get_one(Message, "m1").body


def test_a_provider_that_left_the_settings_is_waited_for_and_nothing_is_sent_twice(works: Works) -> None:
    only(works, "nhn")
    write(works)
    works.carrier.answers = ["silence"]
    works.work()
    object.__setattr__(works.keeper, "house", replace(works.keeper.house, providers=BOTH.only("twilio")))
    work_for(works, 600, 30)
    assert asked(works) == [("SendText", "nhn")]
    works.clock.pass_time(86_400)
    works.work()
    assert state(works)[0] == "failed"


def test_a_worth_is_told_to_the_provider(works: Works) -> None:
    only(works, "twilio")
    write(works)
    works.clock.pass_time(600)
    works.work()
    (order,) = works.carrier.given
    assert isinstance(order, SendText)
    assert order.seconds == 3000
    assert order.sender == words()[1].by_id("kibo").texts.sender


def test_a_look_up_that_finds_a_text_that_did_not_arrive_follows_it_up(works: Works) -> None:
    only(works, "twilio")
    write(works)
    answers(works, {FindText: [Found("SM1", "undelivered", None, error="30006")]})
    works.carrier.answers = ["silence"]
    work_for(works, 10)
    assert state(works) == ("undelivered", "30006")
    assert promised(works, "read-out") == ["read-out:m1"]


@pytest.mark.parametrize(("subject", "judged"), [("callback:c1", ["callback"]), ("agent:a1", [])])
def test_what_a_message_told_is_judged_when_it_has_come_to_its_end(
    works: Works, subject: str, judged: list[str]
) -> None:
    only(works, "nhn")
    write(works, subject=subject)
    answers(works, {AskText: [Found("x", "delivered", MORNING)]})
    work_for(works, 10)
    assert [key.split(":")[1] for key in promised(works, "judge-owed")] == judged
