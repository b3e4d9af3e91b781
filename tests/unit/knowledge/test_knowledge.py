"""Knowledge: its versions, what is found of it while the caller waits, and tables that are taken in and written."""

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from ivr.audiences.tables import read_table
from ivr.base import Refused
from ivr.knowledge.listing import Sought, all_knowledge, list_knowledge
from ivr.knowledge.rows import Knowledge
from ivr.knowledge.searching import Asked, search
from ivr.knowledge.sheets import COLUMNS, Became, NoKnowledgeTable, Sheet, Taken, row_of, take_sheet
from ivr.knowledge.spelling import pieces
from ivr.knowledge.writing import (
    Author,
    BadKnowledge,
    Piece,
    add_knowledge,
    change_knowledge,
    versions_of,
    withdraw_knowledge,
)
from ivr.store import Store
from ivr.tables import CSV, XLSX, write_rows
from tests.http.board import MORNING, words
from tests.store_fixtures.databases import ON_SQLITE

LINE = words()[1].by_id("ascentre")
AUTHOR = Author("supervisor", MORNING)
TODAY = date(2026, 11, 23)
YEAR = date(2026, 1, 1)
BLENDER = Piece(
    "믹서기 칼날은 어떻게 교체하나요?", "칼날을 왼쪽으로 돌려 빼십시오.", YEAR, firm="hanbit", product="kitchen"
)
STOCK = (
    BLENDER,
    Piece("칼날 교체 비용은 얼마인가요?", "주방가전 칼날은 8,000원입니다.", YEAR, product="kitchen"),
    Piece("칼날이 무뎌지면 교체하나요?", "제품마다 다릅니다.", YEAR),
    Piece("노트북 배터리 교체", "서비스 지점에서 교체합니다.", YEAR, firm="nuri", product="computer"),
    Piece("청소기 소음이 커졌습니다", "필터를 확인하십시오.", YEAR, product="home", topic="repair"),
    Piece("Bluetooth 연결 방법", "전원 단추를 5초 누르십시오.", YEAR),
)


@pytest.fixture
def store(engine: Engine) -> Store:
    return Store(engine)


def stock(store: Store) -> list[str]:
    """Add everything; returns the entries."""
    with store.transaction() as session:
        return [add_knowledge(session, LINE, piece, author=AUTHOR).entry for piece in STOCK]


def found(store: Store, asked: Asked, day: date = TODAY) -> list[str]:
    with store.reading() as session:
        return [one.knowledge.question for one in search(session, LINE, asked, day=day)]


def test_the_firms_own_come_first_then_its_products_then_all_and_never_another_firms(store: Store) -> None:
    stock(store)
    assert found(store, Asked("칼날 교체", firm="hanbit", product="kitchen")) == [one.question for one in STOCK[:3]]
    assert STOCK[3].question not in found(store, Asked("배터리 교체", firm="hanbit"))
    assert found(store, Asked("배터리 교체"))[0] == STOCK[3].question
    with store.reading() as session:
        of_nobody = search(session, LINE, Asked("칼날 교체", firm=""), day=TODAY)
    assert {one.knowledge.firm for one in of_nobody} == {""}


@ON_SQLITE
@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("청소기소음", 4),
        ("청소기 쇼음", 4),
        ("쳥소기 소움", 4),
        ("소음", 4),
        ("bluetooth", 5),
        ("블루 bluetoth연결", 5),
        ("믹서기칼랄", 0),
        ("필터를 확인", 4),
        ("음", 4),
    ],
)
def test_spaces_small_letters_and_mistakes_of_typing_are_forgiven(store: Store, typed: str, place: int) -> None:
    stock(store)
    assert found(store, Asked(typed))[0] == STOCK[place].question


@ON_SQLITE
def test_what_is_not_known_is_not_found_and_signs_of_the_database_are_letters(store: Store) -> None:
    stock(store)
    for nothing in ("냉장고 문짝 경첩", "%", "_", "'; --", "\\"):
        with_words = found(store, Asked(nothing))
        assert not pieces(nothing) or with_words == [], nothing
    # Without words, what is for this firm and product stands there to be read.
    assert found(store, Asked(firm="hanbit", product="kitchen"))[0] == BLENDER.question


@given(st.text(max_size=60))
def test_any_words_give_pieces_of_at_most_two_signs_each_once(typed: str) -> None:
    made = pieces(typed)
    assert len(set(made)) == len(made)
    assert all(1 <= len(piece) <= 2 for piece in made)


def test_of_several_versions_the_newest_that_covers_a_day_holds_and_only_that_one(store: Store) -> None:
    with store.transaction() as session:
        entry = add_knowledge(session, LINE, BLENDER, author=AUTHOR).entry
        for answer, first, last in (("새 답", "2026-12-01", None), ("연말 답", "2026-12-24", "2026-12-31")):
            piece = Piece(
                BLENDER.question,
                answer,
                date.fromisoformat(first),
                date.fromisoformat(last) if last else None,
                firm="hanbit",
            )
            change_knowledge(session, LINE, entry, piece=piece, author=AUTHOR)
    for day, holds in (
        ("2025-12-31", None),
        ("2026-11-30", BLENDER.answer),
        ("2026-12-01", "새 답"),
        ("2026-12-31", "연말 답"),
        ("2027-01-01", "새 답"),
    ):
        with store.reading() as session:
            held = [one.knowledge.answer for one in search(session, LINE, Asked("칼날"), day=date.fromisoformat(day))]
        assert held == ([holds] if holds else []), day
    with store.reading() as session:
        assert [row.version for row in versions_of(session, LINE.id, entry)] == [3, 2, 1]
        assert [row.version for row in list_knowledge(session, Sought(LINE.id))] == [3]


def test_of_two_who_write_the_next_version_at_once_each_has_one(postgresql_engine: Engine) -> None:
    store = Store(postgresql_engine)
    entry, *_ = stock(store)
    held = threading.Barrier(2, timeout=10)

    def write(answer: str) -> None:
        with store.transaction() as session:
            session.connection()
            held.wait()
            change_knowledge(session, LINE, entry, piece=replace(BLENDER, answer=answer), author=AUTHOR)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(write, ("첫 답", "둘째 답")))
    with store.reading() as session:
        assert [row.version for row in versions_of(session, LINE.id, entry)] == [3, 2, 1]


def test_what_is_withdrawn_holds_no_longer_and_is_not_changed(store: Store) -> None:
    entry, *_ = stock(store)
    with store.transaction() as session:
        withdraw_knowledge(session, LINE, entry, author=AUTHOR)
    assert found(store, Asked("믹서기 칼날 교체", firm="hanbit"))[:1] != [BLENDER.question]
    assert found(store, Asked("믹서기 칼날 교체", firm="hanbit"), TODAY - timedelta(days=1))[0] == BLENDER.question
    with store.transaction() as session:
        for again in (
            lambda: withdraw_knowledge(session, LINE, entry, author=AUTHOR),
            lambda: change_knowledge(session, LINE, entry, piece=BLENDER, author=AUTHOR),
            lambda: withdraw_knowledge(session, words()[1].by_id("kibo"), entry, author=AUTHOR),
        ):
            with pytest.raises(Refused):
                again()
        assert entry not in {row.entry for row in all_knowledge(session, Sought(LINE.id))}
        assert entry in {row.entry for row in all_knowledge(session, Sought(LINE.id, with_withdrawn=True))}


@ON_SQLITE
@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("firm", {"firm": "nobody"}),
        ("product", {"product": "clothes"}),
        ("topic", {"topic": "weather"}),
        ("question", {"question": " ? "}),
        ("answer", {"answer": ""}),
        ("question", {"question": "가" * 301}),
        ("effective_to", {"effective_to": date(2025, 12, 31)}),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(store: Store, field: str, change: dict[str, object]) -> None:
    with store.transaction() as session, pytest.raises(BadKnowledge) as refused:
        add_knowledge(session, LINE, replace(BLENDER, **change), author=AUTHOR)  # type: ignore[arg-type]
    assert refused.value.field == field
    with store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Knowledge)) == 0


def take(store: Store, content: bytes, name: str = "knowledge.csv") -> Taken:
    with read_table(io.BytesIO(content), name) as table, store.transaction() as session:
        return take_sheet(session, LINE, Sheet(table.header, table.rows), author=AUTHOR)


@ON_SQLITE
@pytest.mark.parametrize("ending", [CSV, XLSX])
def test_what_is_written_as_a_table_comes_in_again_as_nothing_new(store: Store, ending: str) -> None:
    stock(store)
    with store.transaction() as session:
        add_knowledge(session, LINE, Piece("=1+1 이라는 질문", "-2 라는 답", YEAR, date(2026, 12, 31)), author=AUTHOR)
    file = io.BytesIO()
    with store.reading() as session:
        write_rows(file, ending, head=COLUMNS, rows=[row_of(row) for row in all_knowledge(session, Sought(LINE.id))])
    again = take(store, file.getvalue(), f"knowledge{ending}")
    assert (again.counts[Became.SAME], again.refused) == (len(STOCK) + 1, [])
    assert sum(again.counts.values()) == len(STOCK) + 1


@ON_SQLITE
def test_rows_that_cannot_be_kept_are_told_with_their_number_and_the_others_are_kept(store: Store) -> None:
    entry, *_ = stock(store)
    rows = [
        "entry,firm,product,question,answer,effective_from",
        ",,,새로운 질문,새로운 답,",
        f"{entry},hanbit,kitchen,{BLENDER.question},오른쪽으로 돌려 빼십시오.,2026-12-01",
        ",nobody,,누구의 질문,답,",
        ",,,날짜 질문,답,내일",
        ",,,빈 답,,",
        "w0,,,없는 항목,답,",
        ",,,새로운 질문,새로운 답,",
        ",,,새로운 질문,고친 답,",
    ]
    taken = take(store, "\n".join(rows).encode())
    assert [(one.row, one.field) for one in taken.refused] == [
        (4, "firm"),
        (5, "effective_from"),
        (6, "answer"),
        (7, "entry"),
    ]
    assert taken.counts == {Became.ADDED: 1, Became.CHANGED: 2, Became.SAME: 1}
    with store.reading() as session:
        assert versions_of(session, LINE.id, entry)[0].answer == "오른쪽으로 돌려 빼십시오."
    with pytest.raises(NoKnowledgeTable, match="answer and no question"):
        take(store, b"a,b\n1,2\n")
