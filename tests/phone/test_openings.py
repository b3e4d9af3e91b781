"""The opening of a talk: recorded and transcribed on the agent's channel, matched, reviewed, and no more kept."""

import pytest
from sqlalchemy import LargeBinary, select, type_coerce

from carrier.calls import Call as CarrierCall
from carrier.options import Faults
from carrier.persons import PersonPlan
from carrier.recordings import Recording
from ivr.conduct.rows import Incident
from ivr.identifiers import call_id
from ivr.lines.model import Line
from ivr.listening.reviews import Statement, review, reviews_of
from ivr.listening.rows import Opening, OpeningFinding, ReviewFinding, Utterance, UtteranceState
from tests.people import customer, picks_up
from tests.phone.conftest import Stage
from tests.phone.scene import Scene

RIGHT = "감사합니다. 기술보증기금 고객센터 김민수입니다."
CLOSING = "더 궁금하신 점은 없으십니까? 이용해 주셔서 감사합니다."


def opening(scene: Scene, call: CarrierCall, ordinal: int = 1) -> Opening | None:
    with scene.world.store.reading() as session:
        return session.get(Opening, f"{call_id(call.sid)}-{ordinal}")


def kept(scene: Scene, call: CarrierCall) -> Opening:
    row = opening(scene, call)
    assert row is not None
    return row


def utterances(scene: Scene) -> list[Utterance]:
    with scene.world.store.reading() as session:
        return list(session.scalars(select(Utterance).order_by(Utterance.sequence)))


def standings(row: Opening) -> dict[str, str]:
    return {part["part"]: part["standing"] for part in row.parts}


def recordings(scene: Scene) -> list[Recording]:
    return list(scene.network.recordings.values())


def with_opening(scene: Scene, **changes: object) -> Line:
    """Give the line of the scene another rule for openings, everywhere in its world."""
    line = scene.line.model_copy(update={"opening": scene.line.opening.model_copy(update=changes)})
    return put_line(scene, line)


def put_line(scene: Scene, line: Line) -> Line:
    for lines in (scene.world.lines, scene.world.board.lines):
        for known in (lines._by_id, lines._by_number):  # the files of a world are read once
            known.update({key: line for key, value in known.items() if value.id == line.id})
    scene.line = line
    return line


def talk(scene: Scene, *sentences: str, seconds: float = 40, **more: object) -> CarrierCall:
    """A whole call to an agent who says these sentences in the talk."""
    scene.staff(picks_up(2.0, greets=sentences, **more))
    call = scene.dial(customer("1", talk=seconds))
    scene.world.run_until_quiet()
    return call


def verdict(scene: Scene, call: CarrierCall, promise: str) -> tuple[str, str]:
    (found,) = [one for one in scene.record(call)["verdicts"] if one["promise"] == promise]
    return found["verdict"], found["reason"]


def test_the_agents_channel_is_recorded_for_the_first_seconds_and_nothing_else(both: Stage) -> None:
    scene = both()
    call = talk(scene, RIGHT)
    (one,) = recordings(scene)
    leg = scene.agent_leg(call)
    assert (one.call, one.track, one.channels, one.source) == (leg.sid, "inbound", 1, "StartCallRecordingAPI")
    joined = call.talks[0].at
    assert one.ended is not None
    assert abs((one.started - joined).total_seconds()) < 1
    assert (one.ended - joined).total_seconds() == pytest.approx(scene.line.opening.seconds, abs=1)
    (fact,) = [fact for fact in scene.facts(call) if fact.kind == "opening-recorded"]
    assert (fact.leg, fact.detail["recording"], fact.detail["seconds"]) == (f"{call_id(call.sid)}-1", one.sid, 15)
    assert (kept(scene, call).recording_sid, kept(scene, call).recording_seconds) == (one.sid, 15)


def test_an_agent_who_greets_rightly_is_heard(both: Stage) -> None:
    scene = both()
    call = talk(scene, RIGHT)
    row = kept(scene, call)
    assert (row.finding, row.complete) == (OpeningFinding.HEARD, True)
    assert set(standings(row).values()) == {"heard", "absent"}
    assert standings(row)["title"] == "absent"
    announcement = scene.record(call)["announcement"]
    assert announcement is not None
    assert announcement["heard"] == ["greeting", "institution", "department", "name"]
    assert verdict(scene, call, "K5")[0] == "met"


SAID = [
    ((RIGHT,), OpeningFinding.HEARD),
    (("감사합니다.", "기술보증기금 고객센터", "김민수라고 합니다."), OpeningFinding.HEARD),
    (("감사합니다 기술보증기금 고객센타 김민주입니다",), OpeningFinding.HEARD),
    (("감사합니다. 기술보증기금 고객센터 이서연입니다.",), OpeningFinding.NEEDS_REVIEW),
    (("감사합니다. 고객센터 김민수입니다.",), OpeningFinding.NEEDS_REVIEW),
    (("네, 말씀하세요.",), OpeningFinding.NOT_HEARD),
    ((), OpeningFinding.NOT_HEARD),
]


@pytest.mark.parametrize(("sentences", "finding"), SAID, ids=range(len(SAID)))
def test_what_the_agent_says_is_held_against_the_agent_who_was_routed(
    stage: Stage, sentences: tuple[str, ...], finding: OpeningFinding
) -> None:
    scene = stage()
    call = talk(scene, *sentences)
    row = kept(scene, call)
    assert (row.finding, row.complete) == (finding, True)
    # The system announced the agent, so none of these is a miss.
    assert verdict(scene, call, "K5")[0] == "met"


def test_a_colleagues_name_is_left_to_a_person(stage: Stage) -> None:
    scene = stage()
    scene.staff(
        picks_up(2.0, greets=("감사합니다. 기술보증기금 고객센터 이서연입니다.",)), PersonPlan(answer_after=None)
    )
    call = scene.dial(customer("1", talk=30))
    scene.world.run_until_quiet()
    assert standings(kept(scene, call))["name"] == "other"


def announcing_no_name(scene: Scene) -> None:
    """K5 asks for the name; a line whose announcement leaves it out relies on its agents."""
    template = "감사합니다. {institution} {department}입니다."
    shorter = scene.line.announcement.model_copy(update={"template": template, "requires": ("institution",)})
    put_line(scene, scene.line.model_copy(update={"announcement": shorter}))


def test_a_name_that_the_system_does_not_say_is_proven_by_what_was_heard(both: Stage) -> None:
    scene = both()
    announcing_no_name(scene)
    found, reason = verdict(scene, talk(scene, RIGHT), "K5")
    assert found == "met"
    assert "시스템 음성, 통화 내용" in reason


def test_a_name_that_nobody_understood_waits_for_a_person_whose_word_decides_and_may_change(both: Stage) -> None:
    scene = both()
    announcing_no_name(scene)
    call = talk(scene, "안녕하세요, 무엇을 도와드릴까요?")
    assert verdict(scene, call, "K5")[0] == "indeterminate"
    _review(scene, call, ReviewFinding.HEARD)
    assert verdict(scene, call, "K5")[0] == "met"
    _review(scene, call, ReviewFinding.MISSING)
    found, reason = verdict(scene, call, "K5")
    assert (found, "이름" in reason) == ("missed", True)
    with scene.world.store.reading() as session:
        (history,) = reviews_of(session, [f"{call_id(call.sid)}-1"]).values()
    assert [(one.finding.value, one.by, one.note) for one in history] == [
        ("heard", "박지훈", "들었습니다"),
        ("missing", "박지훈", "들었습니다"),
    ]


def _review(scene: Scene, call: CarrierCall, finding: ReviewFinding) -> None:
    with scene.world.store.transaction() as session:
        statement = Statement(finding, "박지훈", "들었습니다")
        review(session, f"{call_id(call.sid)}-1", statement, at=scene.world.now())
    scene.world.worker.ring()
    scene.world.run_for(1)


def test_a_line_may_leave_the_recording_out(scene: Scene) -> None:
    with_opening(scene, record=False)
    call = talk(scene, RIGHT)
    assert recordings(scene) == []
    assert kept(scene, call).finding is OpeningFinding.HEARD
    assert "opening-recorded" not in scene.kinds(call)


def test_words_of_the_middle_of_a_talk_are_not_kept_and_nothing_of_the_caller_ever_is(both: Stage) -> None:
    scene = both()
    with_opening(scene, closing=True)
    middle = tuple(f"가운데 문장 {number}번입니다." for number in range(30))
    scene.staff(picks_up(2.0, greets=(RIGHT, *middle), closes=(CLOSING,), close_after=115))
    call = scene.dial(customer("1", talk=120, greets=("저는 비밀이 있습니다.",)))
    scene.world.run_until_quiet()
    scene.world.run_for(120)
    rows = utterances(scene)
    assert all("비밀" not in (row.text or "") for row in rows)
    texts = [row.text for row in rows if row.state is UtteranceState.KEPT and row.text]
    assert texts[0] == RIGHT
    assert texts[-1] == CLOSING
    trimmed = [row for row in rows if row.state is UtteranceState.TRIMMED]
    assert len(trimmed) > 10
    assert all(row.text is None for row in trimmed)
    row = kept(scene, call)
    assert (row.finding, row.complete) == (OpeningFinding.HEARD, True)
    assert row.closing == ["further_questions", "thanks"]


def test_after_the_opening_nothing_is_transcribed_unless_the_line_wants_its_closing(scene: Scene) -> None:
    call = talk(scene, RIGHT, closes=(CLOSING,), close_after=30)
    (transcription,) = scene.agent_leg(call).transcriptions
    assert transcription.updated is not None
    stopped_after = (transcription.updated - call.talks[0].at).total_seconds()
    assert stopped_after == pytest.approx(scene.line.opening.seconds, abs=1.5)
    assert [row.text for row in utterances(scene)] == [RIGHT]
    assert kept(scene, call).closing is None


def test_words_are_sealed_at_rest_and_in_no_fact(scene: Scene) -> None:
    call = talk(scene, RIGHT)
    with scene.world.store.reading() as session:
        column = type_coerce(Utterance.text, LargeBinary)
        (sealed,) = session.execute(select(column)).scalars()
    assert RIGHT.encode() not in bytes(sealed)
    said = [fact for fact in scene.facts(call) if fact.leg == f"{call_id(call.sid)}-1"]
    assert {"transcribing", "transcribed", "opening-recorded"} <= {fact.kind for fact in said}
    assert all("김민수" not in str(fact.detail) for fact in said)


LOST = [
    Faults(callback_duplicate=1.0),
    Faults(callback_reorder=1.0),
    Faults(callback_delay=1.0, delay_seconds=(5.0, 20.0)),
]


@pytest.mark.parametrize("faults", LOST, ids=("doubled", "out of order", "late"))
def test_events_that_come_twice_in_disorder_or_late_give_the_same_result(both: Stage, faults: Faults) -> None:
    scene = both()
    scene.network.faults = faults
    call = talk(scene, "감사합니다.", "기술보증기금 고객센터", "김민수입니다.")
    scene.world.run_for(120)
    row = kept(scene, call)
    assert (row.finding, row.complete, row.recording_seconds) == (OpeningFinding.HEARD, True, 15)
    assert len(utterances(scene)) == 3
    assert len(recordings(scene)) == 1
    assert scene.kinds(call).count("opening-recorded") == 1


def test_an_opening_whose_events_are_all_lost_is_asked_after_and_left_to_a_person(scene: Scene) -> None:
    scene.staff(picks_up(2.0, greets=(RIGHT,)))
    call = scene.dial(customer("1", talk=40))
    scene.until(lambda: bool(call.talks), step=0.1)
    scene.network.faults = Faults(callback_drop=1.0)
    scene.world.run_for(30)
    scene.network.faults = Faults()
    scene.world.run_until_quiet()
    scene.world.run_for(120)
    (recorded,) = [fact for fact in scene.facts(call) if fact.kind == "opening-recorded"]
    assert (recorded.detail["asked"], recorded.detail["seconds"]) == (True, 15)
    row = kept(scene, call)
    assert not row.complete
    assert row.finding is OpeningFinding.NEEDS_REVIEW


@pytest.mark.parametrize("moment", ["before", "after"])
def test_an_order_without_an_answer_never_makes_two_recordings(both: Stage, moment: str) -> None:
    scene = both()
    scene.staff(picks_up(2.0, greets=(RIGHT,)))
    call = scene.dial(customer("1", talk=40))
    scene.until(lambda: "joining" in scene.kinds(call), step=0.01)
    scene.network.faults = Faults(rest_error_before=moment == "before", rest_error_after=moment == "after")
    scene.world.run_for(2)
    scene.network.faults = Faults()
    scene.world.run_until_quiet()
    scene.world.run_for(120)
    assert len(recordings(scene)) == 1
    (fact,) = [fact for fact in scene.facts(call) if fact.kind == "opening-recorded"]
    assert fact.detail["seconds"] in {12, 13, 14, 15}


def test_while_a_call_is_held_as_evidence_no_words_are_taken_out(scene: Scene) -> None:
    with_opening(scene, closing=True)
    scene.staff(picks_up(2.0, greets=tuple(f"가운데 문장 {number}번입니다." for number in range(30))))
    call = scene.dial(customer("1", talk=120))
    scene.until(lambda: bool(call.talks))
    offer = scene.offers(call)[0]
    with scene.world.store.transaction() as session:
        ids = {"id": offer.id, "call_id": offer.call_id, "agent_id": offer.agent_id}
        session.add(Incident(**ids, line="kibo", cause="abuse", warnings=1, at=scene.world.now()))
    scene.world.run_until_quiet()
    scene.world.run_for(120)
    rows = utterances(scene)
    assert len(rows) > 20
    assert {row.state for row in rows} == {UtteranceState.KEPT}


def test_a_talk_that_is_over_sooner_is_read_to_its_end(scene: Scene) -> None:
    call = talk(scene, RIGHT, seconds=6)
    row = kept(scene, call)
    assert (row.finding, row.complete, row.recording_seconds) == (OpeningFinding.HEARD, True, 6)


def test_an_agent_who_never_meets_the_caller_has_no_opening(scene: Scene) -> None:
    scene.staff(picks_up(2.0, hang_up_after=4.6))
    call = scene.dial(customer("1", talk=10, hang_up_after=30))
    scene.world.run_until_quiet()
    assert opening(scene, call) is None
    assert recordings(scene) == []


def test_each_talk_of_a_call_has_its_own_opening(scene: Scene) -> None:
    scene.staff(
        picks_up(2.0, talk_seconds=20.0, greets=(RIGHT,)),
        picks_up(2.0, greets=("감사합니다. 기술보증기금 고객센터 이서연입니다.",)),
    )
    call = scene.dial(customer("1", talk=None, hang_up_after=100, linger=None))
    scene.hears(call, scene.words("reconnect.offer"))
    scene.network.handset(call.party.number).press("0")
    scene.world.run_until_quiet()
    found = [opening(scene, call, ordinal) for ordinal in (1, 2)]
    assert [row.finding if row else None for row in found] == [OpeningFinding.HEARD] * 2
    assert len(recordings(scene)) == 2
