"""What an installation says and when it is open once editions stand over its files."""

from dataclasses import replace
from datetime import date, timedelta

from ivr.editions.installed import install, merge
from ivr.editions.merging import VERSIONS_FROM
from ivr.lines.hours import open_spans
from ivr.lines.menus import present
from ivr.lines.spans import Span
from tests.unit.editions.made import MORNING, day, files, prompt, row, template, week

A_DAY = timedelta(days=1)
RECEIPT = "[{institution}] 상담을 마쳤습니다. 접수번호 {receipt} 일시 {date} 담당 {name} 문의 {number}"


def test_without_editions_it_is_as_the_files_say() -> None:
    state = install(files(), (), MORNING)
    assert len(state.lines) == len(files().lines)
    assert state.texts.of("kibo") is state.texts
    assert state.lines.by_id("kibo").notices[0].version == 1


def test_a_day_closes_one_line_or_all_of_them() -> None:
    state = install(files(), [row(1, day("2026-11-25", line="kibo")), row(2, day("2026-11-26"))], MORNING)
    spans = {
        line: [bool(open_spans(state.lines.by_id(line), state.calendar, date(2026, 11, number))) for number in (25, 26)]
        for line in ("kibo", "ksure")
    }
    assert spans == {"kibo": [False, False], "ksure": [True, False]}
    assert state.calendar.holiday(date(2026, 11, 25), "kibo") == "임시 휴무"


def test_a_line_of_its_own_mind_overrides_a_day_of_all_whatever_was_made_first() -> None:
    own = day("2026-11-25", "hours", line="kibo", hours=["10:00-12:00"])
    for editions in ([row(1, own), row(2, day("2026-11-25"))], [row(1, day("2026-11-25")), row(2, own)]):
        state = install(files(), editions, MORNING)
        assert open_spans(state.lines.by_id("kibo"), state.calendar, date(2026, 11, 25)) == (Span(600, 720),)


def test_hours_hold_from_their_day_on_and_what_was_before_stays_true() -> None:
    later = row(1, week("10:00-17:00", effective_from=MORNING + 7 * A_DAY))
    state = install(files(), [later], MORNING)
    line = state.lines.by_id("kibo")
    friday, tuesday = date(2026, 11, 27), date(2026, 12, 1)
    assert open_spans(line, state.calendar, friday) == (Span(540, 1080),)
    assert open_spans(line, state.calendar, tuesday) == (Span(600, 1020),)


def test_hours_that_were_withdrawn_held_until_then() -> None:
    first = row(1, week("10:00-17:00", effective_from=MORNING - 7 * A_DAY), withdrawn_at=MORNING)
    never = row(2, week("11:00-12:00", after=1, effective_from=MORNING + A_DAY), withdrawn_at=MORNING)
    line = install(files(), [first, never], MORNING).lines.by_id("kibo")
    opens = [line.hours_on(date(2026, 11, day)).weekdays[0].opens for day in (18, 23, 25)]
    assert opens == [600, 540, 540]


def test_a_text_of_one_line_is_heard_on_that_line_alone() -> None:
    state = install(files(), [row(1, prompt("ko/menu.agent", "상담 직원"))], MORNING)
    kibo, ksure = state.lines.by_id("kibo"), state.lines.by_id("ksure")
    assert "상담 직원" in present(kibo, "main", state.texts.of("kibo")).text
    assert "상담 직원" not in present(ksure, "main", state.texts.of("ksure")).text


def test_a_text_of_one_line_stands_over_that_of_all() -> None:
    editions = [row(1, prompt("ko/menu.agent", "상담 직원")), row(2, prompt("ko/menu.agent", "상담사", line=""))]
    state = install(files(), editions, MORNING)
    said = {line: state.texts.of(line).say("menu.agent").text for line in ("kibo", "ksure")}
    assert said == {"kibo": "상담 직원", "ksure": "상담사"}


def test_what_evidence_names_has_a_version_that_no_file_has() -> None:
    editions = [
        row(7, prompt("line/notices.recording", "통화는 녹음됩니다.")),
        row(8, prompt("line/announcement.template", "반갑습니다. {institution} {department} {name}입니다.")),
        row(9, template("receipt", RECEIPT)),
        row(10, prompt("ko/conduct.abuse_first", "폭언은 삼가 주십시오.")),
    ]
    state = install(files(), editions, MORNING)
    line, other = state.lines.by_id("kibo"), state.lines.by_id("ksure")
    assert {notice.id: notice.version for notice in line.notices} == {"protection": 1, "recording": VERSIONS_FROM + 7}
    assert line.announcement.version == VERSIONS_FROM + 8
    assert line.conduct.version == VERSIONS_FROM + 10
    assert state.texts.of("kibo").template("receipt").version == VERSIONS_FROM + 9
    assert (other.announcement.version, other.conduct.version, state.texts.template("receipt").version) == (1, 1, 1)


def test_the_wording_of_a_consent_is_named_by_what_it_says() -> None:
    terms = "전화번호를 일 년 동안 보관합니다. 동의하지 않으셔도 상담에 불이익은 없습니다."
    first = install(files(), [row(1, prompt("ko/consent.terms", terms))], MORNING).texts
    again = install(files(), [row(9, prompt("ko/consent.terms", terms))], MORNING).texts
    other = install(files(), [row(1, prompt("ko/consent.terms", terms.replace("일 년", "이 년")))], MORNING).texts
    versions = [texts.of("kibo").say("consent.version").text for texts in (first, again, other)]
    assert versions[0] == versions[1] != versions[2]
    assert versions[0].startswith("2026-11/")
    assert first.say("consent.version").text == "2026-11"


def test_an_edition_that_fits_no_more_is_left_out_and_the_others_hold() -> None:
    gone = row(1, prompt("line/menus.gone.intro", "없는 메뉴입니다."))
    wrong = row(2, prompt("ko/queue.next", "{nobody}입니다."))
    fine = row(3, day("2026-11-25"))
    state = install(files(), [gone, wrong, fine], MORNING)
    assert [edition.id for edition, _ in state.left_out] == [1, 2]
    assert "nobody" in state.left_out[1][1]
    assert state.texts.say("queue.next").text == "다음 차례에 바로 연결됩니다."
    assert state.calendar.holiday(date(2026, 11, 25), "kibo")


def test_the_version_before_one_that_fits_no_more_holds_again() -> None:
    first = row(1, prompt("ko/queue.next", "곧 연결합니다."))
    second = row(2, prompt("ko/queue.next", "{nobody}입니다.", after=1))
    state = install(files(), [first, second], MORNING)
    assert state.texts.of("kibo").say("queue.next").text == "곧 연결합니다."
    assert [edition.id for edition, _ in state.left_out] == [2]


def test_of_what_fits_alone_and_not_together_the_newest_is_left_out() -> None:
    labels = [row(key, prompt(f"line/menus.main.keys.{key}.label", "기한 연장 " * 30)) for key in (1, 2)]
    state = install(files(), labels, MORNING)
    assert [(edition.id, "menus.main" in why) for edition, why in state.left_out] == [(2, True)]
    entries = state.lines.by_id("kibo").menus["main"].keys
    assert (entries["1"].label.startswith("기한"), entries["2"].label) == (True, "기한 연장과 서류")


def test_thousands_of_editions_cost_little_more_than_those_in_force() -> None:
    """Most are older versions of the same; every one of them was in force once."""
    many = [row(id, prompt("ko/queue.next", f"{id}번째 문구입니다.", after=id - 1)) for id in range(1, 3001)]
    wrong = row(3001, prompt("ko/queue.please_wait", "{nobody}입니다."))
    state = install(files(), [*many, wrong], MORNING)
    assert state.texts.of("kibo").say("queue.next").text == "3000번째 문구입니다."
    assert [edition.id for edition, _ in state.left_out] == [3001]


def test_an_installation_that_is_always_open_stays_so() -> None:
    state = merge(replace(files(), always_open=True), [row(1, day("2026-11-25"))], MORNING)
    assert open_spans(state.lines.by_id("kibo"), state.calendar, date(2026, 11, 25)) == (Span(0, 1440),)
    assert state.calendar.holiday(date(2026, 11, 25), "kibo") == "임시 휴무"
