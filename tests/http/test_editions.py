"""Calls before and after an edition, through the real webhooks: what is heard, and what the evidence names."""

import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from sqlalchemy import Engine, event, select
from twilio.request_validator import RequestValidator

from benchmarks import servers, stores
from config.clock import system_clock
from ivr.calls.facts import facts_of
from ivr.calls.rows import Fact
from ivr.editions.checking import Draft
from ivr.editions.current import Current
from ivr.editions.merging import VERSIONS_FROM
from ivr.editions.publishing import publish, withdraw
from ivr.identifiers import call_id
from ivr.sealing import Keyring
from ivr.store import Store, make_engine
from migrations.models import all_tables
from tests.http.board import KIBO, MORNING, Moment, Signed, arriving, board_over, words
from tests.http.hearing import hears
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.editions.made import MAKER, day, files, prompt, week

RECORDED = "정확한 상담을 위해 통화 내용이 녹음됩니다."
NEW = "더 나은 상담을 위해 통화 내용이 녹음됩니다."


class Desk:
    """A line behind real webhooks with its editions; whoever makes one here makes the web process look."""

    def __init__(self, engine: Engine) -> None:
        self.store, self.clock = Store(engine), Moment()
        self.current = Current(files(), self.store, clock=self.clock, tell=lambda words: None)
        self.wire = Signed.to(board_over(engine, self.clock, current=self.current))

    def make(self, draft: Draft) -> int:
        """Make an edition."""
        with self.store.transaction() as session:
            number = publish(session, files(), draft, by=MAKER, at=self.clock.at).edition.id
        self.current.look()
        return number

    def withdraw(self, edition_id: int) -> None:
        """Withdraw it."""
        with self.store.transaction() as session:
            withdraw(session, edition_id, by=MAKER, reason="취소", at=self.clock.at)
        self.current.look()

    def rings(self, number: str, *, to: str = KIBO) -> Sequence[str]:
        """What the caller with this CallSid hears at once."""
        sid = "CA" + number * 32
        answer = self.wire.post("/voice/incoming", arriving(CallSid=sid, To=to), attempt=f"arriving-{number}")
        return hears(answer.get_data(as_text=True))

    def notices(self, number: str) -> str:
        """The notices that the call's evidence names."""
        with self.store.reading() as session:
            arrived = session.scalars(select(Fact).where(Fact.subject == call_id("CA" + number * 32))).first()
        assert arrived is not None
        return str(arrived.detail["notices"])


def test_a_notice_is_heard_in_its_new_words_and_named_by_a_new_version(engine: Engine) -> None:
    desk = Desk(engine)
    before = desk.rings("a")
    number = desk.make(prompt("line/notices.recording", NEW))
    after = desk.rings("b")
    desk.withdraw(number)
    again = desk.rings("c")
    assert f"say: {RECORDED}" in before
    assert f"say: {NEW}" in after
    assert again == before
    assert [desk.notices(call) for call in "abc"] == [
        "protection/1,recording/1",
        f"protection/1,recording/{VERSIONS_FROM + number}",
        "protection/1,recording/1",
    ]


@ON_SQLITE
def test_a_call_step_asks_the_database_nothing_about_editions(engine: Engine) -> None:
    asked = list[str]()
    event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    Signed.to(board_over(engine, Moment())).post("/voice/incoming", arriving())
    without, asked[:] = len(asked), []
    desk = Desk(engine)
    desk.make(prompt("line/notices.recording", NEW))
    asked.clear()
    desk.rings("b")
    assert len(asked) == without
    assert not any("edition" in statement for statement in asked)


@ON_SQLITE
def test_a_day_closes_the_line_with_its_reason_and_other_lines_stay_open(engine: Engine) -> None:
    desk = Desk(engine)
    ksure = words()[1].by_id("ksure").numbers[0]
    desk.make(day("2026-11-23", line="kibo"))
    assert any("임시 휴무로 상담을 쉽니다" in said for said in desk.rings("a"))
    assert not any("쉽니다" in said for said in desk.rings("b", to=ksure))


@ON_SQLITE
def test_callers_are_told_of_hours_that_begin_tomorrow(engine: Engine) -> None:
    desk = Desk(engine)
    desk.make(week("10:00-17:00", effective_from=MORNING + timedelta(days=1)))
    assert not any("시작합니다" in said for said in desk.rings("a"))
    desk.clock.pass_time(10 * 3600)
    assert any("내일 오전 열 시에 시작합니다" in said for said in desk.rings("b"))


@ON_SQLITE
def test_a_text_that_begins_later_is_heard_from_that_moment_on(engine: Engine) -> None:
    desk = Desk(engine)
    desk.make(prompt("line/greeting", "반갑습니다. 기술보증기금입니다.", effective_from=MORNING + timedelta(hours=1)))
    heard = []
    for number, seconds in (("a", 0), ("b", 3599), ("c", 1)):
        desk.clock.pass_time(seconds)
        desk.current.look()
        heard.append("say: 반갑습니다. 기술보증기금입니다." in desk.rings(number))
    assert heard == [False, False, True]


@ON_SQLITE
def test_agreed_is_to_the_words_that_were_read_even_if_they_change_meanwhile(engine: Engine) -> None:
    desk = Desk(engine)
    query = "call=c1&line=dcgf&step=3&menu=main&purpose=happy_call"
    form = arriving(To="+827010000011")
    asked = desk.wire.post(f"/voice/consent?{query}", form, attempt="asked").get_data(as_text=True)
    desk.make(prompt("ko/consent.terms", "전화번호를 일 년 동안 보관합니다.", line="dcgf"))
    then = (
        asked.partition('action="')[2].partition('"')[0].replace("&amp;", "&").removeprefix("https://hotline.example")
    )
    desk.wire.post(then, {**form, "Digits": "1"}, attempt="agreed")
    desk.wire.post(f"/voice/consent?{query.replace('step=3', 'step=9')}", form, attempt="asked again")
    with desk.store.reading() as session:
        facts = facts_of(session, "c1")
    first, agreed, again = (fact.detail["wording"] for fact in facts)
    assert first == agreed == "2026-11"
    assert str(again).startswith("2026-11/")


@pytest.mark.timeout(120)
def test_the_workers_of_a_real_server_hear_of_an_edition_without_being_restarted(
    tmp_path: Path, redis_url: str, keyring: Keyring
) -> None:
    """Preloaded and forked, as the Procfile starts it."""
    url, port = f"sqlite:///{tmp_path / 'hotline.db'}", servers.free_port()
    engine = make_engine(url, keyring=keyring)
    all_tables().create_all(engine)
    environment = stores.settings(url, redis_url, tmp_path, port=port)
    with servers.web("webhooks.app:create_app()", environment, tmp_path / "web.log"):
        assert RECORDED in _called(port, 0)
        with Store(engine).transaction() as session:
            publish(session, files(), prompt("line/notices.recording", NEW), by=MAKER, at=system_clock())
        tries, deadline = 1, time.monotonic() + 20
        while NEW not in _called(port, tries) and time.monotonic() < deadline:
            tries += 1
            time.sleep(0.2)
        assert NEW in _called(port, tries + 1)
    engine.dispose()


def _called(port: int, number: int) -> str:
    """What a new caller hears from the server at this port."""
    url, form = f"http://127.0.0.1:{port}/voice/incoming", arriving(CallSid=f"CA{number:032d}")
    signature = RequestValidator(stores.AUTH_TOKEN).compute_signature(url, form)
    return requests.post(url, form, headers={"X-Twilio-Signature": signature}, timeout=15).text
