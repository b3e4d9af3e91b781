"""The installed questionnaires: valid, complete, and played to their end."""

from collections.abc import Iterator

import pytest

from config.files import SURVEYS, read_folder
from ivr.consents.rows import Purpose
from ivr.lines.model import Lines
from ivr.messages.texts import Texts
from ivr.surveys import flow
from ivr.surveys.kinds import SurveyClass
from ivr.surveys.model import Questionnaire
from ivr.surveys.reading import load_questionnaires, read_questionnaires
from ivr.surveys.walking import Stage, Walked, walk
from ivr.surveys.written import Hello, asked, opening

INSTALLED = load_questionnaires(read_folder(SURVEYS))
INSTITUTIONS = ("kibo", "dcgf", "kotra", "ksure", "ascentre")
LONGEST_SECONDS = 12
SOURCE = "2026년 상담 신청서"
CLASSES = {
    "improvement": SurveyClass.OPINION,
    "loyalty": SurveyClass.ADVERTISING,
    "usefulness": SurveyClass.OPINION,
    "consult_service": SurveyClass.OPINION,
    "as_service": SurveyClass.OPINION,
    "promotion": SurveyClass.ADVERTISING,
    "trade_in": SurveyClass.TELESALES,
}


def test_no_file_has_a_fault_or_a_warning() -> None:
    assert read_questionnaires(read_folder(SURVEYS))[1] == []


def test_every_institution_has_a_happy_call_that_is_free_and_asks_for_no_other_consent() -> None:
    for institution in INSTITUTIONS:
        one = INSTALLED.of(f"happy-{institution}")
        kind = INSTALLED.kind_of(one)
        assert one.fits(institution)
        assert (kind.klass, kind.is_free) == (SurveyClass.HAPPY_CALL, True)
        assert kind.purposes == (Purpose.HAPPY_CALL,)


def test_the_seven_kinds_of_the_shared_centre_are_there_in_the_class_that_the_law_gives_them() -> None:
    asked = {one.kind for one in INSTALLED.values() if not one.id.startswith("happy-")}
    assert asked == set(CLASSES)
    assert {id: kind.klass for id, kind in INSTALLED.kinds.items() if id in CLASSES} == CLASSES
    assert not any(INSTALLED.kinds[id].is_free for id in CLASSES)


def test_only_customers_with_consent_to_marketing_are_asked_for_a_firm(lines: Lines) -> None:
    rule = lines.by_id("ascentre").surveys
    assert rule.requires == (Purpose.MARKETING_SURVEY,)
    assert rule.monthly_calls == 200
    assert rule.price > 0


def _pressing(one: Questionnaire, *, best: bool) -> Iterator[str]:
    """The keys of somebody who answers everything, with the first or the last key of each question."""
    yield flow.BEGIN
    step: flow.Step = flow.start(one)
    while isinstance(step, flow.Asked):
        question = one.question(step.position.question)
        given: flow.Given = flow.Silence()
        if question.takes_answer:
            staying = sorted(set(question.choices) - set(question.exit)) or [question.least, question.most]
            given = flow.Value(staying[-1 if best else 0])
            yield str(given.value)
        elif question.kind == "comment":
            yield "#"
        step = flow.enter(one, step.position, given)


def _walked(one: Questionnaire, keys: Iterator[str], *, texts: Texts, lines: Lines, firm: str = "") -> list[Walked]:
    line = lines.by_id(one.lines[0])
    stage = Stage(one, INSTALLED.kind_of(one), texts, Hello(line, SOURCE, firm), lambda: next(keys, None))
    return list(walk(stage))


@pytest.mark.parametrize("best", [True, False])
@pytest.mark.parametrize("id", list(INSTALLED))
def test_it_is_played_to_completion_with_no_text_too_long(id: str, best: bool, texts: Texts, lines: Lines) -> None:
    one = INSTALLED.of(id)
    steps = _walked(one, _pressing(one, best=best), texts=texts, lines=lines, firm="한빛가전")
    assert steps[-1].end == "completed"
    assert max(step.seconds or 0 for step in steps) <= LONGEST_SECONDS
    assert not any("{" in (step.heard or "") for step in steps)


@pytest.mark.parametrize("id", list(INSTALLED))
def test_everything_is_said_that_the_law_wants_said_first(id: str, texts: Texts, lines: Lines) -> None:
    one = INSTALLED.of(id)
    kind = INSTALLED.kind_of(one)
    line = lines.by_id(one.lines[0])
    said = [part.text for part in opening(texts, one, kind, hello=Hello(line, SOURCE))]
    assert line.spoken_institution in said[0] + said[1]
    assert one.purpose in said
    assert any(SOURCE in text for text in said)
    assert "9번" in said[-1]
    assert kind.needs_ad_label == ("광고 전화입니다" in said[0])
    if kind.needs_ad_label:
        assert any("일팔일일에 공공공사" in text for text in said)
        assert "무료" in said[-1]
    if kind.is_telesales:
        assert one.goods in said[0]


def test_keys_of_every_call_lead_out_at_any_question(texts: Texts, lines: Lines) -> None:
    one = INSTALLED.of("happy-kotra")

    def end(*keys: str) -> str | None:
        return _walked(one, iter(keys), texts=texts, lines=lines)[-1].end

    assert end("9") == end("1", "9") == end("1", "1", "9") == "refused"
    assert end("0") == end("1", "1", "0") == "agent"
    assert end("8") == "link"
    assert end("", "") == end("", "5") == "contacted"
    assert end("1", "1", "5", "4") == "hung up: partial"
    assert end("1", "1") == "hung up: breakoff"
    assert end("1", "", "", "") == "breakoff"
    assert end() == "hung up"


def test_a_child_is_let_go_and_nothing_is_kept(texts: Texts, lines: Lines) -> None:
    steps = _walked(INSTALLED.of("ascentre-repair"), iter(["1", "2"]), texts=texts, lines=lines)
    assert steps[-1].end == "ineligible, nothing is kept"
    assert all(step.kept is None for step in steps)


@pytest.mark.parametrize(
    ("keys", "last"),
    [
        (("1", "1", "5", "5", "5", "5", "#"), "말씀해 주신 의견은 상담을 개선하는 데 쓰겠습니다."),
        (("9",), "이런 전화를 드리지 않겠습니다"),
        (("1", "1", "9"), "이런 전화를 드리지 않겠습니다"),
        (("8",), "주소를 문자로 보내 드립니다"),
        (("1", "0"), "상담원에게 연결해 드리겠습니다"),
        (("", ""), "답을 듣지 못하여 전화를 마치겠습니다"),
        (("1", "", "", ""), "답을 듣지 못하여 여기에서 마치겠습니다"),
        (("1", "2"), "여쭐 분이 아니어서"),
    ],
)
def test_every_end_is_played_as_it_is_heard(keys: tuple[str, ...], last: str, texts: Texts, lines: Lines) -> None:
    steps = _walked(INSTALLED.of("happy-kibo"), iter(keys), texts=texts, lines=lines)
    assert steps[-1].end is not None
    assert last in (steps[-2].heard or "")


def test_a_wrong_key_is_told_before_the_question_is_played_again(texts: Texts, lines: Lines) -> None:
    steps = _walked(INSTALLED.of("happy-kotra"), iter(["1", "7", ""]), texts=texts, lines=lines)
    heard = [step.heard for step in steps if step.heard is not None]
    assert "잘못 누르셨습니다. 다시 한번 확인해 주십시오." in heard
    assert "입력이 확인되지 않았습니다." in heard


def test_a_question_for_a_number_tells_how_calls_are_refused_there(texts: Texts) -> None:
    said = asked(texts, INSTALLED.of("ascentre-repair").question("days"))[-1].text
    assert "수신 거부는 별표와 9번" in said
    assert "상담원 연결은 별표와 0번" in said
