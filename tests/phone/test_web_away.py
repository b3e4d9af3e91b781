"""The whole web is away while somebody whom we ring picks up: an apology from elsewhere, and nobody is blamed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine, select
from werkzeug.test import run_wsgi_app

from carrier.calls import Call as CarrierCall
from carrier.options import Faults
from carrier.persons import PersonPlan
from commands.world import START, Watchers, World
from config.files import FALLBACK, ORDERED_FALLBACK
from ivr.addresses import Address
from ivr.agents.rows import AgentState
from ivr.campaigns.rows import Dial, DialOutcome
from ivr.charters.verdicts import verdicts_of
from ivr.identifiers import call_id
from ivr.listening.rows import Opening
from ivr.surveys.rows import Interview
from tests.contract import ContractWatch
from tests.people import agent_of, agent_phone, customer, picks_up
from tests.phone.passing import CONSULT, in_talk
from tests.phone.ringing import AGENT, CUSTOMER, asked, is_it, takes
from tests.phone.scene import Scene, said
from tests.phone.test_surveys import rung

DOCUMENTS = {f"/{file.name}": file for file in (FALLBACK, ORDERED_FALLBACK)}
APOLOGY = ElementTree.parse(ORDERED_FALLBACK).findtext("Say") or ""  # noqa: S314 - our own file


@dataclass
class Web:
    """The web behind its proxy, which answers 502 while all of it is away, and static hosting beside it."""

    watch: ContractWatch = field(default_factory=ContractWatch)
    is_away: bool = False
    dies_answering: str = ""

    def behind_proxy(self, app: WSGIApplication) -> WSGIApplication:
        """The same app, reached only while it is there."""
        there = self.watch.webhooks(app)

        def proxy(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            if file := DOCUMENTS.get(environ["PATH_INFO"]):
                start_response("200 OK", [("Content-Type", "text/xml; charset=utf-8")])
                return [file.read_bytes()]
            if self.is_away:
                start_response("502 Bad Gateway", [("Content-Type", "text/html")])
                return []
            if environ["PATH_INFO"] == self.dies_answering:
                # What it has written stays written; nobody hears the answer.
                run_wsgi_app(there, environ)
                self.is_away = True
                start_response("502 Bad Gateway", [("Content-Type", "text/html")])
                return []
            return there(environ, start_response)

        return proxy


@dataclass
class Outage:
    """One line whose web goes away, and comes back."""

    scene: Scene
    web: Web

    def while_picking_up(self, leg: CarrierCall) -> None:
        """Take the web away before this leg is picked up, and bring it back when the apology has begun."""
        self.scene.until(lambda: leg.status == "ringing", step=0.1)
        self.web.is_away = True
        self.scene.until(lambda: leg.ended or APOLOGY in said(leg.heard), step=0.1)
        self.web.is_away = False

    def in_answering(self, entry: Address) -> datetime:
        """Take the web away for 5 s where it has written what this step tells, and not answered; says when it went."""
        self.web.dies_answering = entry.value
        self.scene.until(lambda: self.web.is_away, step=0.1)
        went_at = self.scene.world.now()
        self.web.dies_answering = ""
        self.scene.world.run_for(5)
        self.web.is_away = False
        return went_at


@pytest.fixture
def outage(engine: Engine) -> Iterator[Outage]:
    """The Daejeon foundation's line on a weekday morning, once on SQLite and once on PostgreSQL."""
    web = Web()
    watchers = Watchers(
        webhooks=web.behind_proxy, carrier=web.watch.carrier, fallback_url=f"https://static.example/{FALLBACK.name}"
    )
    world = World(engine, start=START, watchers=watchers)
    yield Outage(Scene(world, world.lines.by_id("dcgf")), web)
    web.watch.assert_clean()


def only_leg_of(scene: Scene) -> CarrierCall:
    scene.until(lambda: bool(scene.agent_legs()), step=0.1)
    (leg,) = scene.agent_legs()
    return leg


def test_an_agent_hears_the_apology_and_the_caller_gets_the_next_one(outage: Outage) -> None:
    scene = outage.scene
    unlucky, next_one = scene.staff(picks_up(2.0), picks_up(2.0))
    call = scene.dial(customer("1"))
    leg = only_leg_of(scene)
    outage.while_picking_up(leg)
    scene.world.run_until_quiet()
    assert said(leg.heard) == [APOLOGY]
    assert leg.ended_by == "document"
    record = scene.record(call)
    failed, taken = record["offers"]
    assert (failed["agent"], failed["outcome"], failed["answered"]) == (unlucky, "failed", False)
    assert set(failed["readings"].values()) == {"not_applicable"}
    assert (taken["agent"], taken["outcome"]) == (next_one, "finished")
    assert record["outcome"] == "answered"
    scene.world.run_for(scene.line.rest_seconds + scene.line.wrap_up_seconds)
    assert {scene.agent_state(agent) for agent in (unlucky, next_one)} == {AgentState.READY}
    with scene.world.store.reading() as session:
        of_call = verdicts_of(session, call_id(call.sid))
    assert of_call
    assert [verdict.reason for verdict in of_call if "turned_down" in verdict.reason] == []


def test_an_agent_is_not_left_waiting_for_a_caller_who_never_came_and_nobody_calls_it_a_talk(outage: Outage) -> None:
    scene = outage.scene
    (agent,) = scene.staff(picks_up(2.0))
    call = scene.dial(customer("1", talk=60.0))
    went_at = outage.in_answering(Address.JOIN)
    leg = only_leg_of(scene)
    scene.until(lambda: leg.ended, step=0.5)
    assert scene.world.now() - went_at < timedelta(seconds=40)
    assert scene.words("whisper.gone") in said(leg.heard)
    scene.world.run_until_quiet()
    record = scene.record(call)
    assert (record["outcome"], record["ended_by"]) == ("failed", "system")
    assert [offer["outcome"] for offer in record["offers"]] == ["gone"]
    scene.world.run_for(scene.line.rest_seconds + scene.line.wrap_up_seconds)
    assert scene.agent_state(agent) is AgentState.READY
    assert record["messages"] == []
    with scene.world.store.reading() as session:
        assert session.scalars(select(Opening)).all() == []


def test_a_colleague_who_was_asked_is_not_left_waiting_for_a_caller_who_never_came(outage: Outage) -> None:
    scene = outage.scene
    passed = in_talk(scene)
    passed.ask(CONSULT)
    passed.consults()
    passed.complete()
    went_at = outage.in_answering(Address.JOIN)
    colleague = passed.leg(2)
    scene.until(lambda: colleague.ended, step=0.5)
    assert scene.world.now() - went_at < timedelta(seconds=40)
    assert scene.words("whisper.gone") in passed.heard(colleague)
    assert [offer.outcome for offer in scene.offers(passed.call)] == ["finished", "gone"]


def test_a_caller_whose_talk_was_over_before_anybody_looked_has_talked_all_the_same(outage: Outage) -> None:
    scene = outage.scene
    scene.staff(picks_up(2.0))
    call = scene.dial(customer("1", talk=None, linger=None))
    scene.until(lambda: "announced" in scene.kinds(call), step=0.1)
    scene.network.faults = Faults(callback_drop=1.0)
    scene.until(lambda: bool(call.talks), step=0.1)
    scene.world.run_for(3)
    scene.network.faults = Faults()
    scene.network.handset(agent_phone(1)).hang_up()
    scene.until(lambda: "leg-ended" in scene.kinds(call), step=0.1)
    # Taken out of the empty room, the caller hears the static document, of which we are not told either.
    outage.web.is_away = True
    scene.world.run_for(25)
    outage.web.is_away = False
    assert not call.ended
    scene.world.run_until_quiet()
    assert scene.record(call)["outcome"] == "answered"


def test_a_customer_who_is_called_back_hears_the_apology_and_is_called_again(outage: Outage) -> None:
    scene = outage.scene
    ringing = asked(scene, takes(), customer=is_it())
    scene.until(lambda: len(scene.agent_legs()) == 2, step=0.1)
    outage.while_picking_up(ringing.leg(CUSTOMER))
    ringing.is_over()
    assert ringing.heard(CUSTOMER) == [APOLOGY]
    assert ringing.outcomes == ["failed"]
    scene.world.run_for(scene.line.callbacks.gap_minutes * 60 + 30)
    ringing.rest()
    assert ringing.outcomes == ["failed", "reached"]
    assert ringing.left_over() == []


def test_an_agent_who_was_to_call_back_hears_it_too_and_the_next_one_does(outage: Outage) -> None:
    scene = outage.scene
    ringing = asked(scene, takes(), customer=is_it())
    second = agent_of(scene.line, scene.world.now(), number=2)
    with scene.world.store.transaction() as session:
        session.add(second)
    scene.network.handset(agent_phone(2)).plan = takes()
    outage.while_picking_up(ringing.leg(AGENT))
    ringing.is_over()
    assert ringing.heard(AGENT) == [APOLOGY]
    ringing.rest()
    assert ringing.outcomes == ["agent_failed", "reached"]
    assert ringing.left_over() == []


def test_somebody_surveyed_is_not_taken_for_a_machine(outage: Outage) -> None:
    scene = outage.scene
    person = rung(scene, PersonPlan(answer_after=2.0, linger=None))
    outage.while_picking_up(person.leg)
    scene.world.run_until_quiet()
    assert said(person.leg.heard) == [APOLOGY]
    with scene.world.store.reading() as session:
        dial = session.scalars(select(Dial)).one()
        assert session.scalars(select(Interview)).all() == []
    assert dial.outcome is DialOutcome.FAILED
