"""Calls on the console: found without their numbers standing anywhere, opened, heard for a reason, taken along."""

import io
import wave
from array import array
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import openpyxl
import pytest
from sqlalchemy import Engine, select

from config.recordings import Recordings
from console.office import Office
from ivr.accounts.rows import AccessEntry, Act, Role
from ivr.calls.rows import Call
from ivr.charters.verdicts import judge_calls
from ivr.listening.recordings import Fetched, Recording, file_of, keep_recording, sealed_sound
from ivr.listening.waveform import waveform_of
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.console.conftest import Served
from tests.console.people import Person, office_over
from tests.http.board import MORNING, Moment
from tests.people import caller_phone
from tests.store_fixtures.databases import ON_SQLITE
from tests.unit.calls.many import made_calls, name_of, write_calls
from tests.unit.charters.tales import line_of, talk
from tests.unit.figures.kept import add_call, add_staff, keep, tell_all
from workers.verdicts import installed_rules

Enter = Callable[..., Person]
CALLS = made_calls()
KIBO = line_of("kibo")
ONE = "c1"
LASTS = """
new Promise((tell) => {
  const sound = document.querySelector("audio");
  if (sound.readyState) tell(sound.duration);
  else sound.addEventListener("loadedmetadata", () => tell(sound.duration));
})"""
DAYS = "first=2026-11-16&last=2026-11-21"


@pytest.fixture
def office(engine: Engine, moment: Moment, tmp_path: Path) -> Office:
    """With a folder for recordings."""
    return office_over(engine, moment, recordings=Recordings(tmp_path))


def sound(seconds: int = 3) -> bytes:
    """A WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(array("h", [(step % 40) * 300 for step in range(8000 * seconds)]).tobytes())
    return out.getvalue()


def write_one(office: Office) -> None:
    """One answered call with verdicts, and the recording of its opening."""
    tale = talk(KIBO)
    add_staff(office.store, tale)
    number = PhoneNumber.parse(caller_phone(1))
    with office.store.transaction() as session:
        tell_all(session, add_call(session, tale, ONE, caller=office.store.keyring.index(number)))
        session.flush()
        session.get_one(Call, ONE).caller = number
        session.get_one(Call, ONE).outcome = "answered"
    keep(office.store, tale, ONE)
    with office.store.transaction() as session:
        judge_calls(session, [ONE], line=KIBO, rules=installed_rules())
        assert office.recordings is not None
        office.recordings.keep(file_of("RE1"), sealed_sound(office.store.keyring, "RE1", sound()))
        fetched = Fetched("RE1", f"{ONE}-1", ONE, "kibo", waveform_of(sound()))
        keep_recording(session, fetched, keep_days=90, at=MORNING)


def entries(store: Store) -> list[tuple[Act, str, str]]:
    """Who saw what, and why."""
    with store.reading() as session:
        return [
            (row.act, row.subject, row.reason) for row in session.scalars(select(AccessEntry).order_by(AccessEntry.id))
        ]


@ON_SQLITE
def test_only_staff_see_calls_and_only_those_of_their_line(enter: Enter, office: Office) -> None:
    write_one(office)
    agent, stranger = enter(Role.AGENT), enter(Role.SUPERVISOR, line="dcgf")
    for address in ("/calls/", f"/calls/{ONE}", f"/calls/{ONE}/recordings/RE1.wav"):
        assert agent.get(address).status_code == 403
    for address in (f"/calls/{ONE}", "/calls/nothing", f"/calls/{ONE}/recordings/RE1.wav"):
        assert stranger.get(address).status_code in {403, 404}
    assert stranger.post(f"/calls/{ONE}/number", {"reason": "curious"}).status_code == 404
    assert stranger.post(f"/calls/{ONE}/recordings/RE1", {"reason": "curious"}).status_code == 404
    assert entries(office.store) == []


def test_calls_are_found_page_by_page_and_by_what_is_chosen(enter: Enter, office: Office) -> None:
    write_calls(office.store, CALLS)
    person = enter(Role.SUPERVISOR)
    expected = [made.id for made in CALLS if made.line == "kibo"]
    first = person.get(f"/calls/?{DAYS}").get_data(as_text=True)
    assert [id for id in expected if f'/calls/{id}"' in first] == expected[:50]
    following = first.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    second = person.get(following).get_data(as_text=True)
    assert [id for id in expected if f'/calls/{id}"' in second] == expected[50:]
    by_agent = person.get(f"/calls/?{DAYS}&agent={name_of(office.store, 'kibo-2')} (kibo-2)&promise=K4").get_data(
        as_text=True
    )
    wanted = [m.id for m in CALLS if m.line == "kibo" and "kibo-2" in m.agents and "K4" in m.faults]
    assert [id for id in expected if f'/calls/{id}"' in by_agent] == wanted
    assert person.get("/calls/?receipt=1116-c006").location == "/calls/c006"


@ON_SQLITE
def test_what_cannot_be_meant_finds_nothing_and_says_why(enter: Enter, office: Office) -> None:
    write_calls(office.store, CALLS)
    person = enter(Role.SUPERVISOR)
    for query, says in (
        ("agent=Nobody", "그런 상담원이 없습니다"),
        ("first=yesterday", "날짜를"),
        ("first=2026-11-20&last=2026-11-16", "첫날이 마지막 날보다 늦습니다"),
        ("search=guessed", "조건의 시간이 지났습니다"),
    ):
        shown = person.get(f"/calls/?{query}").get_data(as_text=True)
        assert says in shown
        assert 'class="row-link"' not in shown
    assert person.get(f"/calls/?{DAYS}&outcome=<b>&team=none&finding=met").status_code == 200
    assert person.get(f"/calls/?{DAYS}&after=made-up").status_code == 404


@ON_SQLITE
def test_a_number_is_searched_for_without_standing_in_an_address(enter: Enter, office: Office, moment: Moment) -> None:
    write_calls(office.store, CALLS)
    person = enter(Role.SUPERVISOR)
    address = person.post("/calls/number", {"number": "010-1000-0001"}).location
    assert list(parse_qs(urlsplit(address).query)) == ["search"]
    assert "1000" not in address
    shown = person.get(address).get_data(as_text=True)
    expected = [made.id for made in CALLS if made.line == "kibo" and made.number == 1]
    assert [made.id for made in CALLS if f'/calls/{made.id}"' in shown] == expected
    assert "010-****-0001" in shown
    assert enter(Role.SUPERVISOR, name="다른 사람").get(address).get_data(as_text=True).count("row-link") == 0
    assert "unreadable" in person.post("/calls/number", {"number": "not a number"}).location
    moment.pass_time(31 * 60)
    person.get("/calls/")
    assert "조건의 시간이 지났습니다" in enter(Role.SUPERVISOR, name="또 한 사람").get(address).get_data(as_text=True)


def test_one_call_shows_its_rings_its_verdicts_and_their_proofs(enter: Enter, office: Office) -> None:
    write_one(office)
    shown = enter(Role.SUPERVISOR).get(f"/calls/{ONE}").get_data(as_text=True)
    assert 'class="stroke"' in shown
    assert 'class="limit"' in shown
    assert "2.40초" in shown
    assert "K4" in shown
    assert 'href="#step-' in shown
    assert "010-****-0001" in shown
    assert "010-1000-0001" not in shown
    assert "김민수" in shown


@ON_SQLITE
def test_the_number_is_shown_once_for_a_reason_that_is_kept(enter: Enter, office: Office) -> None:
    write_one(office)
    person = enter(Role.SUPERVISOR)
    refused = person.post(f"/calls/{ONE}/number", {"reason": " "}).get_data(as_text=True)
    assert "사유를" in refused
    assert "010-1000-0001" not in refused
    shown = person.post(f"/calls/{ONE}/number", {"reason": "다시 걸기"}).get_data(as_text=True)
    assert "010-1000-0001" in shown
    assert entries(office.store) == [(Act.UNMASK, f"call:{ONE}", "다시 걸기")]
    assert "010-1000-0001" not in person.get(f"/calls/{ONE}").get_data(as_text=True)


@ON_SQLITE
def test_a_recording_is_heard_for_a_reason_and_only_for_a_while(enter: Enter, office: Office, moment: Moment) -> None:
    write_one(office)
    person = enter(Role.SUPERVISOR)
    address = f"/calls/{ONE}/recordings/RE1"
    assert person.get(f"{address}.wav").status_code == 403
    assert "<audio" not in person.post(address, {"reason": ""}).get_data(as_text=True)
    assert "<audio" in person.post(address, {"reason": "민원 확인"}).get_data(as_text=True)
    heard = person.get(f"{address}.wav")
    assert (heard.status_code, heard.mimetype, heard.get_data()) == (200, "audio/wav", sound())
    assert person.get(f"{address}.wav", Range="bytes=0-99").status_code == 206
    assert entries(office.store) == [(Act.PLAY, f"call:{ONE}", "민원 확인")]
    assert person.post(f"/calls/{ONE}/recordings/RE2", {"reason": "민원 확인"}).status_code == 404
    moment.pass_time(16 * 60)
    assert person.get(f"{address}.wav").status_code == 403


@ON_SQLITE
def test_a_recording_that_was_deleted_or_changed_is_not_there(enter: Enter, office: Office) -> None:
    write_one(office)
    person = enter(Role.SUPERVISOR)
    address = f"/calls/{ONE}/recordings/RE1"
    person.post(address, {"reason": "민원 확인"})
    assert office.recordings is not None
    office.recordings.keep(file_of("RE1"), sealed_sound(office.store.keyring, "RE2", sound()))
    assert person.get(f"{address}.wav").status_code == 404
    with office.store.transaction() as session:
        row = session.get_one(Recording, "RE1")
        row.file, row.purged_at = None, MORNING
    assert person.get(f"{address}.wav").status_code == 404
    assert "보관 기간이 지나" in person.get(f"/calls/{ONE}").get_data(as_text=True)


def test_calls_are_taken_along_masked_harmless_and_with_a_reason(enter: Enter, office: Office) -> None:
    write_calls(office.store, CALLS)
    person = enter(Role.SUPERVISOR)
    wish = {"first": "2026-11-16", "last": "2026-11-21", "outcome": "answered", "reason": "월간 점검"}
    expected = [made.id.upper() for made in CALLS if made.line == "kibo" and made.outcome == "answered"]
    taken = person.post("/calls/file", {**wish, "kind": "csv"})
    rows = taken.get_data().decode("utf-8-sig").splitlines()
    assert [row.split(",")[1].removeprefix("1116-") for row in rows[1:]] == expected
    assert "1000-000" not in taken.get_data(as_text=True)
    sheet = openpyxl.load_workbook(io.BytesIO(person.post("/calls/file", {**wish, "kind": "xlsx"}).get_data())).active
    assert sheet is not None
    assert sheet.max_row == len(expected) + 1
    assert entries(office.store) == [(Act.EXPORT, "calls:kibo", "월간 점검")] * 2
    assert person.post("/calls/file", {**wish, "reason": ""}).status_code == 303
    assert len(entries(office.store)) == 2


@ON_SQLITE
def test_an_empty_line_shows_an_empty_list(enter: Enter) -> None:
    shown = enter(Role.AUDITOR, line="ksure").get("/calls/").get_data(as_text=True)
    assert "조건에 맞는 통화가 없습니다" in shown


@pytest.mark.browser
@ON_SQLITE
def test_a_call_is_opened_heard_and_read_in_a_browser(
    enter: Enter, office: Office, served: Served, accessible: Callable[[object], None]
) -> None:
    write_one(office)
    person = enter(Role.SUPERVISOR)
    with served.page(person) as page:
        page.goto("/calls/?first=2026-11-20&last=2026-11-24")
        accessible(page)
        page.click(".row-link")
        page.wait_for_selector("svg.timeline-picture .stroke")
        accessible(page)
        page.click("[data-opens='play-RE1']")
        page.fill("#play-RE1-reason", "민원 확인")
        page.click("#play-RE1 .button")
        page.wait_for_selector("audio")
        assert page.evaluate(LASTS) == pytest.approx(3, abs=0.1)
        page.locator("#recording-RE1 .waveform").click()
        page.wait_for_selector("#recording-RE1 rect.heard:nth-of-type(90)", state="attached")
        assert page.evaluate("document.querySelector('audio').currentTime") == pytest.approx(1.5, abs=0.2)
        page.click(".proof >> nth=0")
        assert page.locator("tr:target").is_visible()
    with served.page(person, width=390) as page:
        page.goto(f"/calls/{ONE}")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
