"""What the record suggests: from the facts of the verdicts, with evidence, and nothing where it cannot tell."""

import pytest
from sqlalchemy import event

from ivr.calls.steps import CALLER
from ivr.courtesy.rows import CourtesyPick
from ivr.courtesy.suggestions import Suggestion, suggestions, suggestions_of
from tests.unit.charters.tales import TALK_ENDS_AT, Tale, line_of, talk
from tests.unit.courtesy.stock import LINE, Stock, form, words

CALL = "told"
OFFER = f"{CALL}-1"


def suggested(stock: Stock, tale: Tale) -> dict[str, Suggestion]:
    """What is suggested for the only call of the first team's sample."""
    stock.call(CALL, "kotra-1", tale=tale, team="champion")
    ledger = stock.draw()
    with stock.store.reading() as session:
        found = suggestions(session, ledger.pick(CALL), form=form(), rule=line_of(LINE).ring, words=words())
    return {one.item: one for one in found}


@pytest.mark.parametrize(
    ("seconds", "points"), [(2.4, 5), (6.5, 4), (8.0, 3), (12.0, 1), (6.0, None), (7.1, None), (9.0, None)]
)
def test_pick_up_is_suggested_by_the_first_reading_that_is_met(
    stock: Stock, seconds: float, points: int | None
) -> None:
    found = suggested(stock, talk(line_of(LINE), seconds))["pick-up"]
    assert found.points == points
    assert found.evidence == (OFFER, f"{OFFER}:ringing", f"{OFFER}:in-progress")
    assert (f"{seconds:.2f}초" in found.words) == (points is not None)


def test_a_ring_that_was_never_told_suggests_nothing(stock: Stock) -> None:
    tale = talk(line_of(LINE))
    tale.facts = [fact for fact in tale.facts if fact.kind != "leg-ringing"]
    found = suggested(stock, tale)["pick-up"]
    assert (found.points, "제안하지 않습니다" in found.words) == (None, True)


def test_an_announcement_heard_to_its_end_is_suggested_without_the_name_in_it(stock: Stock) -> None:
    found = suggested(stock, talk(line_of(LINE)))["greeting"]
    assert (found.points, found.words) == (5, "시스템이 소속과 이름을 끝까지 안내했습니다.")
    assert len(found.evidence) == 2


def test_nothing_that_is_suggested_names_the_agent(stock: Stock) -> None:
    assert "김민수" not in "".join(one.words for one in suggested(stock, talk(line_of(LINE))).values())


def test_a_talk_without_an_announcement_suggests_the_lowest(stock: Stock) -> None:
    tale = talk(line_of(LINE))
    tale.facts = [fact for fact in tale.facts if fact.kind != "announced"]
    assert suggested(stock, tale)["greeting"].points == 1


@pytest.mark.parametrize(("customer", "agent", "points"), [(4, 5, 5), (5, 4, 1)])
def test_who_hung_up_first_is_suggested(stock: Stock, customer: int, agent: int, points: int) -> None:
    line = line_of(LINE)
    tale = talk(line, until_talk=True)
    offer = tale.offers[0].id
    tale.leaves("caller", offer, TALK_ENDS_AT, number=customer).leaves(offer, offer, TALK_ENDS_AT, number=agent)
    tale.event("caller", "completed", TALK_ENDS_AT).event(offer, "completed", TALK_ENDS_AT)
    found = suggested(stock, tale)["hanging-up"]
    assert found.points == points
    assert {f"room:{OFFER}:participant-leave:caller:{customer}"} < set(found.evidence)


def test_an_end_that_is_not_sure_suggests_nothing(stock: Stock) -> None:
    tale = talk(line_of(LINE), until_talk=True)
    tale.event("caller", "completed", TALK_ENDS_AT)
    assert suggested(stock, tale)["hanging-up"].points is None


def test_a_talk_that_was_passed_on_was_hung_up_by_nobody(stock: Stock) -> None:
    tale = talk(line_of(LINE), until_talk=True)
    first = tale.offers[0].id
    tale.tell("transfer-told", CALLER, 40, **{"from": first, "transfer": "t1"})
    tale.leaves(CALLER, first, 40, number=4, reason="participant_updated_via_api").event(first, "completed", 41)
    second = tale.offer(closed=100.0)
    tale.rings(second, 2.0, at=50).takes(second, at=56).announces(second, at=56).joins(second, at=58)
    tale.leaves(CALLER, second, 90, number=5).leaves(second, second, 90.5, number=6)
    tale.event(CALLER, "completed", 90).event(second, "completed", 91)
    stock.call(CALL, "kotra-1", tale=tale, team="champion")
    picks = [CourtesyPick(call_id=CALL, offer_id=f"{CALL}-{number}", agent_id="kotra-1") for number in (1, 2)]
    with stock.store.reading() as session:
        (passed, last) = (
            next(
                one
                for one in suggestions(session, pick, form=form(), rule=line_of(LINE).ring, words=words())
                if one.item == "hanging-up"
            )
            for pick in picks
        )
    assert (passed.points, "넘긴 통화" in passed.words) == (None, True)
    assert passed.evidence[0] == OFFER
    assert {key.split(":")[0] for key in passed.evidence[1:]} == {"transfer-told"}
    assert last.points == 5
    assert {key for key in last.evidence if key.startswith("room:")} == {
        f"room:{CALL}-2:participant-leave:caller:5",
        f"room:{CALL}-2:participant-leave:{CALL}-2:6",
    }


def test_a_whole_sample_is_read_in_as_many_queries_as_one_call(drawn: Stock) -> None:
    picks = list(drawn.ledger().picks.values())
    asked: list[str] = []
    event.listen(drawn.store.engine, "before_cursor_execute", lambda *told: asked.append(str(told[2])))
    with drawn.store.reading() as session:
        found = suggestions_of(session, picks, form=form(), rule=line_of(LINE).ring, words=words())
        queries = sum(text.startswith("SELECT") for text in asked)
        one_by_one = {
            pick.call_id: suggestions(session, pick, form=form(), rule=line_of(LINE).ring, words=words())
            for pick in picks
        }
    assert (queries, found) == (2, one_by_one)
    assert list(found) == [pick.call_id for pick in picks]


def test_of_a_call_whose_record_is_gone_nothing_is_suggested(drawn: Stock) -> None:
    pick = next(iter(drawn.ledger().picks.values()))
    pick.offer_id = "gone-1"
    with drawn.store.reading() as session:
        assert suggestions(session, pick, form=form(), rule=line_of(LINE).ring, words=words()) == []
