"""The words of reports: complete, well formed, with the right particles, and every fault told at once."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest

from config.files import CHARTERS, REPORTS, read_file, read_folder
from ivr.charters.model import Charter
from ivr.charters.reading import load_charters
from ivr.faults import BadData
from ivr.reports.measured import how_measured
from ivr.reports.words import load_words
from tests.unit.reports.quarter import words

CHARTERS_OF_ALL = list(load_charters(read_folder(CHARTERS)))


@pytest.fixture
def document() -> Any:  # a table of any depth, spoilt at will
    return deepcopy(dict(read_file(REPORTS / "ko.toml")))


def faults(document: Any) -> dict[str, str]:
    with pytest.raises(BadData) as refused:
        load_words(document)
    return {fault.key: fault.message for fault in refused.value.faults}


@pytest.mark.parametrize("charter", CHARTERS_OF_ALL, ids=lambda charter: charter.institution)
def test_every_measured_standard_of_every_charter_is_said_in_a_sentence(charter: Charter) -> None:
    for standard in charter.all:
        said = how_measured(standard, words())
        assert said.endswith("니다.") if standard.measurable else said == ""
        assert "{" not in said


def test_time_is_told_with_how_it_counts() -> None:
    (dcgf,) = (charter for charter in CHARTERS_OF_ALL if charter.institution == "dcgf")
    (callback,) = (standard for standard in dcgf.all if standard.key == "D6")
    assert "1시간 안에" in how_measured(callback, words())
    assert "업무시간" in how_measured(callback, words())


@pytest.mark.parametrize("charter", CHARTERS_OF_ALL, ids=lambda charter: charter.institution)
def test_the_document_takes_the_particle_that_fits_its_name(charter: Charter) -> None:
    said = words().say("report.summary_told", document=charter.heading.document)
    particle = {"헌장": "을", "표준": "을", "안내": "를", "지침": "을"}
    last = charter.heading.document.split()[-1][-2:]
    assert said.startswith(charter.heading.document + particle.get(last, "을"))


def test_all_faults_are_told_at_once(document: Any) -> None:
    del document["findings"]["met"]
    del document["measures"]["ring_to_answer"]
    document["measures"]["closing_said"] = "무엇을 말했는지 봅니다."
    document["measures"]["unheard_of"] = "봅니다."
    document["values"]["kinds"].pop("fault")
    document["report"]["title"] = "{document"
    found = faults(document)
    assert set(found) == {
        *("findings.met", "measures.ring_to_answer", "measures.closing_said", "measures.unheard_of"),
        *("values.kinds.fault", "report.title"),
    }
    assert "exactly these fields: parts" in found["measures.closing_said"]


def test_every_fact_that_the_documents_name_has_words() -> None:
    told = words()
    for kind in _kinds():
        ids = [f"proof.{place}.{kind}" for place in ("caller", "agent", "any")]
        assert kind in {"room", "leg-ended"} or any(told.has(id) for id in ids), kind


def _kinds() -> Iterator[str]:
    """The kinds in the table of facts of docs/call.md."""
    from tests.guards.tree import ROOT

    table = (ROOT / "docs" / "call.md").read_text(encoding="utf-8").split("## Facts of a call")[1].split("##")[0]
    for line in table.splitlines():
        cells = line.split("|")
        if len(cells) > 2 and cells[2].strip() in {"caller", "offer", "room", "caller, offer"}:
            for name in cells[1].split("`")[1::2]:
                yield name if not name.startswith("-") else _joined(cells[1], name)


def _joined(cell: str, name: str) -> str:
    """`callback-asked`, `-number`: the later ones leave the beginning out."""
    first = cell.split("`")[1]
    return first.rsplit("-", 1)[0] + name
