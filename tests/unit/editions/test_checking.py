"""A draft is refused with the words with which a file would be, and its maker is told what only seems wrong."""

from datetime import timedelta

import pytest

from ivr.editions.checking import Draft, check
from ivr.editions.rows import Edition
from tests.unit.editions.made import MORNING, day, files, prompt, row, template, week

LONG = "상담이 길어지고 있어 죄송합니다. " * 6
LATER = MORNING + timedelta(days=3)


def errors(draft: Draft, *others: Edition) -> list[str]:
    return [str(fault) for fault in check(files(), others, draft, at=MORNING) if fault.severity == "error"]


def warnings(draft: Draft, *others: Edition) -> list[str]:
    return [str(fault) for fault in check(files(), others, draft, at=MORNING) if fault.severity == "warning"]


@pytest.mark.parametrize(
    ("draft", "file_and_key", "part"),
    [
        (prompt("ko/queue.next", "{who} 차례입니다."), "ko.toml: queue.next", "{who} is not filled in here"),
        (prompt("ko/queue.next", "{who 차례입니다."), "ko.toml: queue.next", "braces"),
        (prompt("ko/queue.position", "{position:somehow}입니다."), "ko.toml: queue.position", "written wrongly"),
        (prompt("ko/queue.nothing", "없습니다."), "ko.toml: queue.nothing", "said nowhere"),
        (prompt("ko/consent.version", "2027-01"), "ko.toml: consent.version", "follows by itself"),
        (prompt("fr/queue.next", "Bonjour."), "fr.toml: queue.next", "no catalogue"),
        (prompt("ko/queue.next", LONG), "ko.toml: queue.next", "over 12 s"),
        (prompt("ko/queue.next", "  "), "ko.toml: queue.next", "not empty"),
        (prompt("line/menus.none.intro", "안내입니다."), "kibo.toml: menus.none.intro", "said nowhere"),
        (prompt("line/greeting", "안녕하십니까?", line=""), "lines: greeting", "belongs to one line"),
        (prompt("line/announcement.template", "{name}입니다."), "kibo.toml: announcement.template", "requires"),
        (prompt("line/menus.main.keys.1.label", "보증 상담 " * 60), "kibo.toml: menus.main", "45 s"),
        (template("receipt", "{institution} {number}"), "sms.toml: receipt.text", "must stand in this template"),
        (template("receipt", "✓ 접수"), "sms.toml: receipt.text", "CP949"),
        (template("nothing", "접수"), "sms.toml: nothing", "no template"),
        (day("2026-13-01"), "holidays.toml: day.2026-13-01", "no day"),
        (day("2026-11-25", "maybe"), "holidays.toml: day.2026-11-25.change", "closed"),
        (day("2026-11-25", "hours", hours=["9-18"]), "holidays.toml: day.2026-11-25.hours", "09:00-18:00"),
        (day("2026-11-25", "hours"), "holidays.toml: day.2026-11-25.hours", "09:00-18:00"),
        (day("2026-11-25", line="nowhere"), "holidays.toml: day.2026-11-25", "known are"),
        (week("18:00-09:00"), "kibo.toml: hours.weekdays", "end after it begins"),
        (week(), "kibo.toml: dated_hours.0", "never opens"),
        (week("09:00-18:00", line=""), "lines: hours", "belongs to one line"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_draft_is_refused_at_its_place(draft: Draft, file_and_key: str, part: str) -> None:
    found = errors(draft)
    assert any(fault.startswith(file_and_key) and part in fault for fault in found), found


def test_a_bare_particle_behind_a_value_is_doubted() -> None:
    assert "write {field:으로/로}" in warnings(prompt("ko/queue.welcome", "{team}으로 연결합니다."))[0]
    assert warnings(prompt("ko/queue.welcome", "{team:으로/로} 연결합니다.")) == []


def test_a_value_that_is_left_out_is_named() -> None:
    assert "leaves out {team}" in warnings(prompt("ko/queue.welcome", "연결합니다."))[0]


def test_a_day_that_is_over_may_be_entered_with_a_warning() -> None:
    assert errors(day("2026-11-20")) == []
    assert "in the past" in warnings(day("2026-11-20"))[0]


def test_a_draft_must_fit_what_begins_later() -> None:
    """One label alone is short enough; with the one that begins later the menu is not."""
    first = row(1, prompt("line/menus.main.keys.2.label", "기한 연장 " * 30, effective_from=LATER))
    second = prompt("line/menus.main.keys.1.label", "신규 보증 " * 30)
    assert errors(second) == []
    assert "menus.main" in errors(second, first)[0]


def test_an_edition_that_fits_no_more_does_not_keep_others_from_being_made() -> None:
    gone = row(1, prompt("ko/queue.next", "{nobody}입니다."))
    assert errors(prompt("ko/queue.please_wait", "잠시만 기다려 주십시오."), gone) == []
    assert errors(prompt("ko/queue.please_wait", "{nobody}입니다."), gone) != []


def test_what_would_begin_later_and_never_will_is_named() -> None:
    later = row(1, prompt("ko/queue.next", "곧 연결합니다.", effective_from=LATER))
    assert "version 1" in warnings(prompt("ko/queue.next", "곧 이어 드립니다.", after=1), later)[0]
