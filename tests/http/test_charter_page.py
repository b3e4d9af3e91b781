"""Everybody can see the published result of a charter, and nothing that was not published."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.reports.publishing import Published
from ivr.store import Store
from tests.http.board import MORNING, Moment, board_over
from webhooks.app import create_app

COUNTS = {"met": 995, "missed": 4, "exempt": 1, "indeterminate": 2, "not_applicable": 0}
SHARES = {"rate": 0.9996, "lowest": 0.994, "highest": 0.9999}


def standard(**changes: Any) -> dict[str, Any]:
    """One standard of a published document; `changes` replace its parts."""
    return {
        "key": "K4", "id": "K4", "title": "벨 3번 안에 받기", "clause": "전화 3.",
        "quote": "벨이 3번 울리기 전에 <받겠습니다>",
        "target": 95.0, "standing": "judged", "how": "", "why_not": "", "reading": "literal", "exempt_when": [],
        "counts": {**COUNTS, **SHARES}, "reached": "yes", "period": None, **changes,
    }  # fmt: skip


def publish(engine: Engine, period: str = "2026Q3", *, ordinal: int = 1, note: str = "", **changes: Any) -> None:
    """Put a publication of KIBO into the database."""
    document = {
        "institution": "기술보증기금", "charter": "고객서비스헌장", "period": period, "first_day": "2026-07-01",
        "last_day": "2026-09-30", "calls": 1002, "versions": [], "standards": [standard(**changes)],
    }  # fmt: skip
    with Store(engine).transaction() as session:
        row = Published(
            line="kibo", period=period, ordinal=ordinal, document=document, note=note, by="kibo-lead", at=MORNING
        )
        session.add(row)


@pytest.fixture
def browser(engine: Engine) -> Any:
    """Somebody's browser."""
    return create_app(board_over(engine, Moment(MORNING + timedelta(days=1)))).test_client()


def test_what_is_published_is_shown_with_quote_counts_and_range(engine: Engine, browser: Any) -> None:
    publish(engine)
    page = browser.get("/charter/kibo")
    assert page.status_code == 200
    for part in ("&lt;받겠습니다&gt;", "99.9%", "99.4%에서 99.9% 사이", "목표 95%", "995", "2026년 3분기"):
        assert part in page.text, part
    assert "kibo-lead" not in page.text


def test_a_correction_takes_its_place_and_says_why(engine: Engine, browser: Any) -> None:
    publish(engine)
    publish(engine, ordinal=2, note="늦게 온 기록 2건을 더했습니다.", title="고친 약속")
    page = browser.get("/charter/kibo").text
    assert "고친 약속" in page
    assert "늦게 온 기록 2건" in page


def test_an_earlier_quarter_has_its_own_address(engine: Engine, browser: Any) -> None:
    publish(engine, "2026Q2", title="지난 분기")
    publish(engine)
    assert "/charter/kibo/2026Q2" in browser.get("/charter/kibo").text
    assert "지난 분기" in browser.get("/charter/kibo/2026Q2").text


def test_nothing_published_is_said_so_and_strange_addresses_are_unknown(engine: Engine, browser: Any) -> None:
    assert "아직 공표한 결과가 없습니다" in browser.get("/charter/dcgf").text
    publish(engine)
    for address in ("/charter/nobody", "/charter/kibo/2026Q1", "/charter/kibo/x", "/charter/dcgf/2026Q3"):
        assert browser.get(address).status_code == 404
    assert browser.post("/charter/kibo").status_code == 405
