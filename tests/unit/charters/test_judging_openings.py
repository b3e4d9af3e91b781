"""K5, D5, T8 by three kinds of evidence: spoken by the system, ticked by the agent, heard in the opening; reviewed."""

import pytest

from ivr.charters.judges.judgement import Judgement
from ivr.charters.view import OpeningView, Review
from tests.unit.charters.tales import Tale, judged, line_of, reasons, talk

MET, MISSED, UNSURE = "met", "missed", "indeterminate"
WHOLE = "감사합니다. 대전신용보증재단 고객센터 김민수 대리입니다."
NO_TITLE = "감사합니다. 대전신용보증재단 고객센터 김민수입니다."
NOTHING = None


def heard(*parts: str, review: Review | None = None) -> OpeningView:
    return OpeningView(frozenset(parts), review)


def told(announced: str | None, opening: OpeningView | None, *ticked: str, version: int = 1) -> Judgement:
    """D5 asks for greeting, institution, department, name and title."""
    tale = talk(line_of("dcgf"))
    tale.facts = [fact for fact in tale.facts if fact.kind != "announced"]
    if announced is not None:
        tale.announces("c1-1", announced, version=version)
    if ticked:
        tale.tell("ticked", "c1-1", 30, parts=",".join(ticked), said=True, by="a1")
    return _judged(tale, opening)


def _judged(tale: Tale, opening: OpeningView | None) -> Judgement:
    tale.heard = {"c1-1": (opening, None)} if opening else {}
    (found,) = judged(tale)["D5"]
    return found


ALL = ("greeting", "institution", "department", "name", "title")
CASES = [
    # The system's own words, heard to their end, suffice.
    (told(WHOLE, NOTHING), MET, "identity.system"),
    (told(WHOLE, heard()), MET, "identity.system"),
    (told(WHOLE, heard(review="missing")), MET, "identity.system"),
    # What they lack may be ticked, heard, or both.
    (told(NO_TITLE, NOTHING, "title"), MET, "identity.met"),
    (told(NO_TITLE, heard("title")), MET, "identity.met"),
    (told(NO_TITLE, heard("name"), "title"), MET, "identity.met"),
    (told(NOTHING, heard(*ALL)), MET, "identity.met"),
    (told(NOTHING, NOTHING, *ALL), MET, "identity.met"),
    (told(NOTHING, heard("greeting", "institution"), "department", "name", "title"), MET, "identity.met"),
    # Matching alone never makes a miss.
    (told(NO_TITLE, heard("name")), UNSURE, "identity.needs_review"),
    (told(NO_TITLE, heard()), UNSURE, "identity.needs_review"),
    (told(NOTHING, heard(*ALL[:-1])), UNSURE, "identity.needs_review"),
    (told(NO_TITLE, heard(), "name"), UNSURE, "identity.needs_review"),
    # A person who listened decides, also over a tick and over matching.
    (told(NO_TITLE, heard(review="heard")), MET, "identity.met"),
    (told(NO_TITLE, heard(review="missing")), MISSED, "identity.reviewed"),
    (told(NO_TITLE, heard("title", review="missing")), MISSED, "identity.reviewed"),
    (told(NO_TITLE, heard(review="missing"), "title"), MISSED, "identity.reviewed"),
    (told(NOTHING, heard(review="heard")), MET, "identity.met"),
    # Where nothing else is on record, it is as it was.
    (told(NO_TITLE, NOTHING), MISSED, "identity.incomplete"),
    (told(NO_TITLE, NOTHING, "name"), MISSED, "identity.incomplete"),
    (told(NOTHING, NOTHING), MISSED, "identity.silent"),
    (told("김민수입니다.", NOTHING, version=7), UNSURE, "identity.older_wording"),
    (told("김민수입니다.", heard(*ALL), version=7), MET, "identity.met"),
    (told("김민수입니다.", heard(review="missing"), version=7), UNSURE, "identity.older_wording"),
]


@pytest.mark.parametrize(("found", "finding", "reason"), CASES, ids=range(len(CASES)))
def test_the_kinds_of_evidence_complete_each_other(found: Judgement, finding: str, reason: str) -> None:
    assert (found.finding.value, found.reason.id) == (finding, reason)
    assert reasons().say(found.reason, {}).endswith(".")


KINDS = [
    (told(NO_TITLE, heard("title")), ("spoken", "heard")),
    (told(NO_TITLE, heard("title"), "title"), ("spoken", "ticked", "heard")),
    (told(NO_TITLE, NOTHING, "title"), ("spoken", "ticked")),
    (told(NOTHING, heard(*ALL)), ("heard",)),
    (told(NO_TITLE, heard(review="heard"), "title"), ("spoken", "reviewed")),
]


@pytest.mark.parametrize(("found", "kinds"), KINDS, ids=range(len(KINDS)))
def test_the_reason_names_each_kind_of_evidence_that_was_used(found: Judgement, kinds: tuple[str, ...]) -> None:
    assert found.reason.values["kinds"] == kinds


def test_what_was_ticked_stands_among_the_evidence() -> None:
    found = told(NO_TITLE, NOTHING, "title")
    assert any(key.startswith("ticked:") for key in found.evidence)
    assert "c1-1" in found.evidence
