"""Questionnaires as they were asked are kept word for word, and copies are edited without touching them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from ivr.base import Refused
from ivr.store import Store
from ivr.surveys.copies import body_of, bring, copy, keep, known_questionnaires, questionnaire_of
from ivr.surveys.model import Questionnaire, Questionnaires, UnknownQuestionnaire
from ivr.surveys.reading import parse_questionnaire
from tests.sizes import examples
from tests.unit.surveys.making import happy, questionnaires

AT = datetime(2026, 11, 23, 1, tzinfo=UTC)
NONE = Questionnaires()


@given(one=questionnaires())
@settings(max_examples=examples(25))
def test_a_questionnaire_comes_back_from_its_text(one: Questionnaire) -> None:
    assert parse_questionnaire(body_of(one)).model_dump() == one.model_dump()


@given(words=st.text(min_size=1, max_size=40))
@settings(max_examples=examples(30))
def test_whatever_words_there_are_come_back_on_one_line(words: str) -> None:
    one = happy(title=f"가{words}", thanks=words)
    assert one.title.splitlines() == [one.title]
    assert parse_questionnaire(body_of(one)).model_dump() == one.model_dump()


def test_words_that_would_end_a_text_of_the_file_come_back() -> None:
    one = happy(title='가 "나" \\ 다', purpose="조사입니다. '''")
    assert parse_questionnaire(body_of(one)).model_dump() == one.model_dump()


def test_the_same_words_are_kept_once_and_other_words_get_a_version_of_their_own(engine: Engine) -> None:
    store = Store(engine)
    with store.transaction() as session:
        assert keep(session, happy(id="kept"), by="lee", at=AT) == ("kept", 1)
        assert keep(session, happy(id="kept"), by="kim", at=AT) == ("kept", 1)
        assert keep(session, happy(id="kept", title="다른 설문"), by="kim", at=AT) == ("kept", 2)
        assert keep(session, happy(id="kept"), by="kim", at=AT) == ("kept", 1)
        assert keep(session, happy(id="kept", version=7), by="kim", at=AT) == ("kept", 1)
        assert keep(session, happy(id="kept", version=7, seconds=9), by="kim", at=AT) == ("kept", 7)
    with store.reading() as session:
        assert questionnaire_of(session, "kept", 1, installed=NONE).title == happy().title
        assert questionnaire_of(session, "kept", 2, installed=NONE).title == "다른 설문"
        assert questionnaire_of(session, "kept", None, installed=NONE).version == 7
        with pytest.raises(UnknownQuestionnaire, match="no version 3"):
            questionnaire_of(session, "kept", 3, installed=NONE)
        with pytest.raises(UnknownQuestionnaire, match="no questionnaire has the id"):
            questionnaire_of(session, "gone", None, installed=NONE)


def test_a_version_is_read_once_and_from_a_connection_too(engine: Engine) -> None:
    store = Store(engine)
    with store.transaction() as session:
        keep(session, happy(id="remembered"), by="lee", at=AT)
    with store.statement() as connection:
        first = questionnaire_of(connection, "remembered", 1, installed=NONE)
        assert questionnaire_of(connection, "remembered", 1, installed=NONE) is first


def test_an_installed_one_is_asked_as_its_file_says_and_what_was_asked_stays(engine: Engine) -> None:
    store = Store(engine)
    installed = Questionnaires([happy(id="filed", title="새 설문")])
    with store.transaction() as session:
        keep(session, happy(id="filed"), by="lee", at=AT)
        assert questionnaire_of(session, "filed", None, installed=installed).title == "새 설문"
        assert questionnaire_of(session, "filed", 1, installed=installed).title == happy().title
        assert keep(session, installed["filed"], by="lee", at=AT) == ("filed", 2)


def test_a_copy_is_edited_by_importing_it(engine: Engine) -> None:
    store = Store(engine)
    installed = Questionnaires([happy(id="filed")])
    with store.transaction() as session:
        assert copy(session, installed["filed"], "own", by="lee", at=AT) == ("own", 1)
        with pytest.raises(Refused, match="is kept already"):
            copy(session, installed["filed"], "own", by="lee", at=AT)
        assert bring(session, happy(id="own", title="고친 설문"), installed, by="lee", at=AT) == ("own", 2)
        with pytest.raises(Refused, match="is an installed questionnaire"):
            bring(session, happy(id="filed", title="고친 설문"), installed, by="lee", at=AT)
        known = list(known_questionnaires(session, installed))
    found = [(one.questionnaire.id, one.questionnaire.version, one.based_on) for one in known]
    assert found == [("filed", 1, None), ("own", 2, "filed")]
