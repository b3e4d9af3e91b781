"""Strange events of a transcription and of a recording: taken, counted, and never kept where they may not be."""

import json
from datetime import datetime

import pytest
from sqlalchemy import Engine, select

from ivr.calls.rows import Fact
from ivr.identifiers import call_id
from ivr.listening.rows import Utterance, UtteranceState
from ivr.promises import PromiseRow
from ivr.store import Store
from tests.http.board import CALL_SID, Moment, Signed, board_over
from tests.http.test_transcripts import CALLS
from tests.http.transcript import Transcript
from tests.store_fixtures.prepared import prepared

OFFER = f"{call_id(CALL_SID)}-1"
AT = f"/voice/transcribed?call={call_id(CALL_SID)}&line=kibo&offer={OFFER}"
RECORDED = AT.replace("transcribed", "recorded")
WORDS = json.dumps({"transcript": "김민수입니다.", "confidence": 0.9}, ensure_ascii=False)
CONTENT = {
    "TranscriptionEvent": "transcription-content",
    "TranscriptionSid": "GT-9",
    "SequenceId": "2",
    "Track": "inbound_track",
    "LanguageCode": "ko-KR",
    "Final": "true",
    "TranscriptionData": WORDS,
    "Timestamp": "2026-11-23T01:01:04.123Z",
    "CallSid": "CA-agent-1",
}
KEPT, UNREADABLE, UNFIT = UtteranceState.KEPT, UtteranceState.UNREADABLE, UtteranceState.UNFIT


@pytest.fixture
def wire(engine: Engine) -> Signed:
    """A carrier at a call that is offered to an agent."""

    def offered() -> datetime:
        transcript = Transcript(next(file for file in CALLS if file.stem == "softphone"), engine)
        transcript.run()
        return transcript.clock.at

    return Signed.to(board_over(engine, Moment(prepared(engine, "a call on a softphone", offered))))


def rows(engine: Engine) -> list[Utterance]:
    with Store(engine).reading() as session:
        return list(session.scalars(select(Utterance).order_by(Utterance.sequence)))


ODD: list[tuple[dict[str, str], UtteranceState, str | None]] = [
    ({}, KEPT, "김민수입니다."),
    ({"TranscriptionData": '{"transcript": ""}'}, KEPT, ""),
    ({"TranscriptionData": '{"transcript": "\\u0000가"}'}, KEPT, "가"),
    ({"TranscriptionData": "{"}, UNREADABLE, None),
    ({"TranscriptionData": ""}, UNREADABLE, None),
    ({"TranscriptionData": "[]"}, UNREADABLE, None),
    ({"TranscriptionData": "null"}, UNREADABLE, None),
    ({"TranscriptionData": '{"transcript": 7}'}, UNREADABLE, None),
    ({"TranscriptionData": '{"words": "가"}'}, UNREADABLE, None),
    ({"TranscriptionData": "[" * 20_000}, UNREADABLE, None),
    ({"LanguageCode": "en-US"}, UNREADABLE, None),
    ({"LanguageCode": "ko-kr"}, KEPT, "김민수입니다."),
    ({"Track": "outbound_track"}, UNFIT, None),
    ({"Final": "false", "Stability": "0.4"}, UNFIT, None),
    ({"Timestamp": "yesterday"}, KEPT, "김민수입니다."),
    ({"Timestamp": "2026-11-23T01:01:04"}, KEPT, "김민수입니다."),
    ({"TranscriptionData": json.dumps({"transcript": "가" * 5000})}, KEPT, "가" * 1000),
]


@pytest.mark.parametrize(("changes", "state", "text"), ODD, ids=range(len(ODD)))
def test_an_odd_event_is_counted_and_its_words_are_kept_only_where_they_can_be_used(
    wire: Signed, engine: Engine, changes: dict[str, str], state: UtteranceState, text: str | None
) -> None:
    assert wire.post(AT, {**CONTENT, **changes}).status_code == 204
    (row,) = rows(engine)
    assert (row.state, row.text, row.sequence, row.offer_id) == (state, text, 2, OFFER)
    assert row.said_at.tzinfo is not None


@pytest.mark.parametrize("number", ["", "two", "-1", "2.5", "99999999999", "٣"])
def test_words_that_cannot_be_counted_are_let_go(wire: Signed, engine: Engine, number: str) -> None:
    assert wire.post(AT, {**CONTENT, "SequenceId": number}).status_code == 204
    assert rows(engine) == []


def test_the_same_words_again_and_other_words_under_the_same_number_change_nothing(
    wire: Signed, engine: Engine
) -> None:
    for changes in ({}, {}, {"TranscriptionData": '{"transcript": "다른 말"}'}, {"TranscriptionData": "{"}):
        assert wire.post(AT, {**CONTENT, **changes}).status_code == 204
    assert [row.text for row in rows(engine)] == ["김민수입니다."]
    with Store(engine).reading() as session:
        promised = list(session.scalars(select(PromiseRow).where(PromiseRow.kind == "hear-opening")))
    assert len(promised) == 1


@pytest.mark.parametrize(
    ("address", "form"),
    [
        (AT, {"TranscriptionEvent": "transcription-something"}),
        (AT, {}),
        (RECORDED, {}),
        (RECORDED, {"RecordingSid": "RE-1", "RecordingStatus": "in-progress"}),
        (RECORDED, {"RecordingStatus": "completed"}),
    ],
)
def test_an_event_that_tells_nothing_new_is_acknowledged(
    wire: Signed, engine: Engine, address: str, form: dict[str, str]
) -> None:
    with Store(engine).reading() as session:
        before = len(session.scalars(select(Fact)).all())
    assert wire.post(address, form).status_code == 204
    with Store(engine).reading() as session:
        assert len(session.scalars(select(Fact)).all()) == before


def test_a_failure_of_the_transcriber_is_a_fact_with_its_code_and_nothing_more(wire: Signed, engine: Engine) -> None:
    form = {
        "TranscriptionEvent": "transcription-error",
        "TranscriptionSid": "GT-9",
        "TranscriptionErrorCode": "32654",
        "TranscriptionError": "words of somebody",
    }
    assert wire.post(AT, form).status_code == 204
    with Store(engine).reading() as session:
        (fact,) = session.scalars(select(Fact).where(Fact.kind == "transcription-failed"))
    assert (fact.leg, fact.detail["code"]) == (OFFER, "32654")
    assert "somebody" not in json.dumps(fact.detail)


@pytest.mark.parametrize("seconds", ["", "-1", "many", "0"])
def test_a_recording_of_unknown_length_is_told_all_the_same(wire: Signed, engine: Engine, seconds: str) -> None:
    form = {"RecordingSid": "RE-1", "RecordingStatus": "absent", "RecordingDuration": seconds}
    assert wire.post(RECORDED, form).status_code == 204
    with Store(engine).reading() as session:
        (fact,) = session.scalars(select(Fact).where(Fact.kind == "opening-recorded"))
    assert fact.detail == {"recording": "RE-1", "seconds": 0 if seconds == "0" else None, "state": "absent"}


@pytest.mark.parametrize("address", [AT, RECORDED])
def test_an_event_that_nobody_signed_is_refused(wire: Signed, engine: Engine, address: str) -> None:
    forged = Signed(wire.client, token="the token of somebody else")
    assert forged.post(address, CONTENT).status_code == 403
    assert rows(engine) == []


def test_an_address_without_its_offer_is_not_ours(wire: Signed) -> None:
    assert wire.post("/voice/transcribed?line=kibo", CONTENT).status_code == 503
