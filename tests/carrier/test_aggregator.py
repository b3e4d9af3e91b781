"""The aggregator's stand-in against our port: the same codes, the same lists, and storms in which nothing doubles."""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Engine, select

from carrier.app import create_app
from carrier.options import Account, Faults
from carrier.virtual import VirtualCarrier
from commands.in_process import in_process_session
from commands.world import Watchers, World
from config.files import PROVIDERS, read_file
from ivr.messages.providers import load_providers
from ivr.messages.rows import Message, MessageAttempt, ProviderShare
from ivr.messages.states import MessageState
from ivr.messages.writing import Outgoing, write_message
from ivr.numbers import PhoneNumber
from ivr.orders import Accepted, AskText, FindText, Found, Receipt, Rejected, SendText, Unknown
from tests.carrier.stage import CALLER, LINE, SID, TOKEN
from tests.sizes import a_part
from workers.providers.nhn import NHN, NhnSms

SECRET = "a secret of the tests"
OFFICER = {"department": "보증사업부", "name": "김서연", "title": "", "number": "1544-1120"}


class Aggregator:
    """The stand-in in virtual time, and our port to it."""

    def __init__(self, secret: str = SECRET) -> None:
        account = Account(SID, TOKEN, aggregator_key="app", aggregator_secret=SECRET)
        self.carrier = VirtualCarrier(fetch=lambda _: pytest.fail("it reports to nobody"), account=account)
        self.network = self.carrier.network
        app = create_app(self.carrier.gate)
        self.web = app.test_client()
        token = {"PhoneNumber": LINE, "VoiceUrl": "http://app.example/in"}
        self.web.post(f"/2010-04-01/Accounts/{SID}/IncomingPhoneNumbers.json", data=token, auth=(SID, TOKEN))
        self.port = NhnSms("http://aggregator.example", "app", secret, in_process_session(app))

    def send(self, body: str = "접수번호 1", *, to: str = CALLER, sender: str = LINE, reference: str = "m1") -> Receipt:
        return self.port.do(SendText(to, sender, body, "", 600, NHN, reference))

    def find(self, body: str = "접수번호 1", reference: str = "m1") -> Receipt:
        since = self.network.now - timedelta(minutes=5)
        return self.port.do(FindText(CALLER, body, since, NHN, reference))

    def ask(self, sid: str) -> Receipt:
        return self.port.do(AskText(sid, self.network.now, NHN, "m1"))


@pytest.mark.parametrize("body", ["접수번호 1", "가" * 60])
def test_a_text_reaches_the_telephone_and_is_asked_about(body: str) -> None:
    aggregator = Aggregator()
    taken = aggregator.send(body)
    assert isinstance(taken, Accepted)
    assert aggregator.find(body) == Found(taken.sid, "queued", None)
    aggregator.carrier.run_for(5)
    asked = aggregator.ask(taken.sid)
    assert isinstance(asked, Found)
    assert (asked.state, asked.error) == ("delivered", None)
    assert abs(asked.ended_at - aggregator.network.now) <= timedelta(seconds=5)  # type: ignore[operator]  # delivered
    handset = aggregator.web.get("/handsets/01010000001").get_json()
    assert [message["body"] for message in handset["messages"]] == [body]


def test_a_telephone_that_is_switched_off_gets_nothing_and_its_code_says_so() -> None:
    aggregator = Aggregator()
    aggregator.web.put("/handsets/01010000001", json={"accepts_messages": False})
    taken = aggregator.send()
    aggregator.carrier.run_for(5)
    assert isinstance(taken, Accepted)
    asked = aggregator.ask(taken.sid)
    assert isinstance(asked, Found)
    assert (asked.state, asked.error) == ("undelivered", "2003")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"to": "+8221234567"}, -2019),
        ({"sender": "+8215880000"}, -2312),
        ({"body": "축하😀"}, -2023),
        ({"body": ""}, -2014),
    ],
)
def test_wrong_texts_are_refused_for_good_with_the_codes_of_the_api(changes: Mapping[str, str], code: int) -> None:
    refused = Aggregator().send(**changes)
    assert isinstance(refused, Rejected)
    assert (refused.code, refused.permanent) == (code, True)


def test_a_stranger_is_not_let_in() -> None:
    refused = Aggregator("another").send()
    assert isinstance(refused, Rejected)
    assert (refused.code, refused.permanent) == (-1000, False)


@pytest.mark.parametrize(
    ("fault", "told", "was_sent"),
    [
        (Faults(aggregator_429=1.0), Rejected(429, "too many requests", permanent=False), False),
        (Faults(aggregator_error_before=1.0), Unknown("the provider answered 500"), False),
        (Faults(aggregator_error_after=1.0), Unknown("the provider answered 504"), True),
    ],
)
def test_a_look_up_tells_whether_an_order_without_a_good_answer_was_carried_out(
    fault: Faults, told: Receipt, was_sent: bool
) -> None:
    aggregator = Aggregator()
    aggregator.network.faults = fault
    assert aggregator.send() == told
    aggregator.network.faults = Faults()
    found = aggregator.find()
    assert isinstance(found, Found) is was_sent
    assert (isinstance(found, Rejected) and found.gone) is not was_sent
    assert isinstance(aggregator.find(reference="m2"), Rejected)


STORM = Faults(
    callback_duplicate=0.2,
    callback_reorder=0.2,
    callback_drop=0.05,
    rest_429=0.1,
    rest_error_before=0.1,
    rest_error_after=0.1,
    aggregator_429=0.1,
    aggregator_error_before=0.1,
    aggregator_error_after=0.15,
    aggregator_slow=0.1,
)


@pytest.mark.parametrize("seed", a_part(range(3), every=2))
def test_in_a_storm_at_both_providers_nothing_is_sent_twice_and_nothing_is_lost(engine: Engine, seed: int) -> None:
    world = World(engine, seed=seed, watchers=Watchers(providers=load_providers(read_file(PROVIDERS))))
    world.carrier.network.faults = STORM
    line, texts = world.lines.by_id("kibo"), world.texts
    for number in range(40):
        with world.store.transaction() as session:
            to = PhoneNumber.parse(f"010-1000-{number:04}")
            outgoing = Outgoing(f"m{number}", line, to, "transfer", f"agent:{number}", OFFICER)
            write_message(session, texts, outgoing, at=world.now())
        world.worker.ring()
        world.run_for(3)
    world.run_for(1200)
    received = Counter(handset.number for handset in world.carrier.network.handsets.values() for _ in handset.messages)
    assert received == Counter({f"+8210{1000:04}{number:04}": 1 for number in range(40)})
    with world.store.reading() as session:
        states = Counter(session.scalars(select(Message.state)))
        used = set(session.scalars(select(MessageAttempt.provider)))
    # A receipt that the carrier dropped leaves a message on its way; none is told to have failed.
    assert states.keys() <= {MessageState.DELIVERED, MessageState.SENT, MessageState.SENDING, MessageState.QUEUED}
    assert states[MessageState.DELIVERED] >= 35
    assert used == {"nhn", "twilio"}


@pytest.mark.parametrize("fault", [Faults(aggregator_error_before=1.0), Faults(aggregator_slow=1.0)])
def test_a_failing_or_slow_provider_loses_its_part_step_by_step_and_regains_it(
    sqlite_engine: Engine, fault: Faults
) -> None:
    known = load_providers(read_file(PROVIDERS))
    world = World(sqlite_engine, watchers=Watchers(providers=known))
    line = world.lines.by_id("kibo")
    shares = []

    def minutes(first: int, last: int) -> None:
        for minute in range(first, last):
            with world.store.transaction() as session:
                for number in range(6):
                    to = PhoneNumber.parse(f"010-{minute:04}-{number:04}")
                    outgoing = Outgoing(f"m{minute}-{number}", line, to, "transfer", "agent:a1", OFFICER)
                    write_message(session, world.texts, outgoing, at=world.now())
            world.worker.ring()
            world.run_for(61)
            with world.store.reading() as session:
                shares.append(session.get_one(ProviderShare, NHN).share)

    minutes(0, 3)
    assert world.carrier.network.aggregated
    world.carrier.network.faults = fault
    minutes(3, 11)
    worst = min(shares)
    world.carrier.network.faults = Faults()
    minutes(11, 27)
    assert shares[:3] == [70] * 3
    assert worst <= 30
    assert all(abs(after - before) <= 10 for before, after in pairwise(shares))
    assert shares[-1] == 70
