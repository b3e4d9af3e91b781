"""Faults in charter files: all found at once, each with its file, key and reason, none that merely follows."""

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.files import CHARTERS, read_folder
from ivr.charters.reading import check_charters, load_charters
from ivr.faults import BadData, Fault

DELIVERED = read_folder(CHARTERS)
Documents = dict[str, Any]  # what TOML gives: tables of any depth, changed at will by these tests
Table = dict[str, Any]  # one table of a document
KIBO = "kibo.toml"


def by_key(faults: list[Fault], file: str = KIBO) -> dict[str, str]:
    return {fault.key: fault.message for fault in faults if fault.file == file}


def standard(documents: Documents, key: str, file: str = KIBO) -> Table:
    """The table of a promise, or of its part, in a file."""
    promise, _, part = key.partition(".")
    found: list[Table] = [
        table for table in documents[file]["standards"] if table["promise"] == promise and table.get("part", "") == part
    ]
    return found[0]


def test_every_fault_of_every_file_is_named_at_once(documents: Documents) -> None:
    standard(documents, "K4")["measure"]["rings"] = 0
    standard(documents, "K5")["measure"]["parts"] = []
    standard(documents, "K6")["target"] = 120
    standard(documents, "K7")["scope"] = "telephone"
    standard(documents, "K8")["measure"]["name"] = "answered_soon"
    del standard(documents, "K9")["quote"]
    standard(documents, "K10")["colour"] = "red"
    standard(documents, "K11")["basis"] = "lunar_days"
    standard(documents, "K12")["exemptions"] = ["rainy_day"]
    standard(documents, "K13")["measure"]["within"] = "-1 day"
    standard(documents, "K14")["measure"]["within"] = "3 rings"
    standard(documents, "K15")["quote"] = "We hold a satisfaction survey every year."
    standard(documents, "K18")["basis"] = "business_days"
    del standard(documents, "K16")["why_not"]
    standard(documents, "T12", "kotra.toml")["basis"] = "business_days"
    faults = check_charters(documents)
    expected = {
        "K4.measure.rings": "is 0: no promise can be kept with that, write more than 0",
        "K5.measure.parts": "is empty: write at least one",
        "K6.target": "is 120: no share is more than 100 %",
        "K7.scope": "is 'telephone', which is not known: use 'call', 'offer'",
        "K8.measure": "has the unknown name 'answered_soon': known measures are acknowledged_within",
        "K9.quote": "is missing",
        "K10.colour": "is not known here",
        "K11.basis": "is 'lunar_days', which is not known: use 'calendar_hours'",
        "K12.exemptions.0": "is 'rainy_day', which is not known: use 'abuse_ended_after_warning'",
        "K13.measure.within": "is -1 day: no promise can be kept in that",
        "K14.measure.within": "is counted in 'rings', which is no unit of time here",
        "K15.quote": "is not in the charter's language (ko)",
        "K16.why_not": "is missing: say to the public",
        "K18.basis": 'is not "working_hours_8", but "immediate" means three working hours',
    }
    assert_said(by_key(faults), {f"standards.{key}": reason for key, reason in expected.items()})
    assert_said(
        by_key(faults, "kotra.toml"),
        {"standards.T12.measure.within": "is '48 hours', but business_days counts days"},
    )


def assert_said(found: dict[str, str], expected: dict[str, str]) -> None:
    """Exactly these keys have faults, and each begins with its reason."""
    assert found.keys() == expected.keys()
    assert {key: found[key][: len(reason)] for key, reason in expected.items()} == expected


@pytest.mark.parametrize(
    ("key", "change", "place", "reason"),
    [
        ("K4", {"scope": "case"}, "scope", "is 'case', which ring_to_answer cannot judge: use offer"),
        ("K4", {"basis": "calendar_hours"}, "basis", "is there, but ring_to_answer has no limit of time"),
        ("K9", {"basis": None}, "basis", "is missing: say how the 10 days are counted"),
        ("K9", {"basis": "calendar_hours"}, "measure.within", "is '10 days', but calendar_hours counts hours, minutes"),
        ("K8", {"basis": "business_days"}, "basis", "is 'business_days', which does not fit acknowledged_within"),
        ("K4", {"measure": None}, "measure", "is missing: name one, or write measurable = false"),
        ("K4", {"measure": 3}, "measure", "must be a table with a name"),
        ("K4", {"scope": None}, "scope", "is missing: say what one verdict is about"),
        ("K4", {"why_not": "잴 수 없습니다."}, "why_not", "is there although the promise is measured"),
        ("K2", {"scope": "call"}, "scope", "is there although measurable = false"),
        ("K4", {"promise": "D4"}, "promise", "is D4: the promises of this charter begin with K"),
        ("K4", {"promise": "ring"}, "promise", "is 'ring', which does not fit the pattern"),
        ("K4", {"institution": "kotra"}, "institution", "is known from the head of the file"),
        ("K4", {"quote": "  "}, "quote", "is '  ', which does not fit the pattern"),
        ("K4", {"exemptions": ["withdrawn"]}, "exemptions", "names withdrawn, which cannot excuse the scope 'offer'"),
        ("K4", {"exemptions": ["test_call"] * 2}, "exemptions", "names something twice"),
        ("K4", {"applies": {"channels": ["web"]}}, "applies.channels", "does not narrow the scope 'offer'"),
        ("K4", {"from_version": 2}, "from_version", "names version 2, which is not there: known are 1"),
        ("K4", {"to_version": 9}, "to_version", "names version 9, which is not there"),
    ],
)
def test_a_rule_that_does_not_fit_is_said_alone(
    documents: Documents, key: str, change: Table, place: str, reason: str
) -> None:
    table = standard(documents, key)
    table |= change
    for name in [name for name, value in change.items() if value is None]:
        del table[name]
    named = f"{table['promise']}/2" if "from_version" in change else table["promise"]
    assert_said(by_key(check_charters(documents)), {f"standards.{named}.{place}": reason})


def test_parameters_that_contradict_each_other_are_refused(documents: Documents) -> None:
    file = "ascentre.toml"
    standard(documents, "A9", file)["measure"]["firm_percent"] = 40
    standard(documents, "A20", file)["measure"]["kinds"] = ["loyalty"]
    assert_said(
        by_key(check_charters(documents), file),
        {
            "standards.A9.measure": "splits into parts that do not add up to 100 %",
            "standards.A20.measure": "calls promotion, trade_in advertising, which kinds does not name",
        },
    )


def test_an_exemption_needs_a_reason_and_a_reason_needs_a_use(documents: Documents) -> None:
    reasons = documents[KIBO]["exemptions"]
    reasons["time_cap"] = reasons.pop("awaiting_customer")
    faults = check_charters(documents)
    found = by_key(faults)
    assert found.pop("exemptions.time_cap").startswith("excuses nothing")
    assert all(message.startswith("names awaiting_customer, which has no reason") for message in found.values())
    assert {fault.severity for fault in faults if fault.key == "exemptions.time_cap"} == {"warning"}


def version(number: int, begins: date, ends: date | None = None) -> Table:
    return {"version": number, "effective_from": begins} | ({"effective_to": ends} if ends else {})


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (None, "overlaps version 2, which begins on 2026-07-01: end it on 2026-06-30"),
        (date(2026, 7, 1), "overlaps version 2"),
        (date(2026, 6, 29), "leaves a gap before version 2, which begins on 2026-07-01: end it on 2026-06-30"),
        (date(2026, 6, 30), None),
    ],
)
def test_versions_follow_each_other_without_gap_or_overlap(
    documents: Documents, ends: date | None, reason: str | None
) -> None:
    documents[KIBO]["versions"] = [version(1, date(2025, 1, 1), ends), version(2, date(2026, 7, 1))]
    assert_said(by_key(check_charters(documents)), {"versions.0.effective_to": reason} if reason else {})


def test_versions_count_up_from_1_and_end_after_they_begin(documents: Documents) -> None:
    documents[KIBO]["versions"] = [
        version(1, date(2025, 1, 1), date(2026, 6, 30)),
        version(3, date(2026, 7, 1), date(2026, 1, 1)),
    ]
    assert_said(
        by_key(check_charters(documents)),
        {
            "versions.1.version": "is 3: count the versions up from 1",
            "versions.1.effective_to": "is before its effective_from 2026-07-01",
        },
    )


def test_a_promise_stands_once_in_each_version(documents: Documents) -> None:
    documents[KIBO]["standards"].append(deepcopy(standard(documents, "K4")))
    assert_said(by_key(check_charters(documents)), {"standards.K4": "stands twice in version 1"})


def test_two_files_cannot_be_of_one_institution(documents: Documents) -> None:
    documents["copy.toml"] = deepcopy(documents[KIBO])
    found = by_key(check_charters(documents), "copy.toml")
    assert found["letter"] == f"is 'K', which {KIBO} has already: give each file its own"
    assert "institution" in found


@pytest.mark.parametrize("part", ["institution", "name", "document", "letter", "versions", "standards"])
def test_a_missing_part_is_said_once_and_nothing_that_follows_from_it(documents: Documents, part: str) -> None:
    del documents[KIBO][part]
    faults = check_charters(documents)
    assert {fault.key for fault in faults} == {part}
    assert by_key(faults)[part].startswith("is missing")


def test_five_days_counted_as_whole_days_are_advised_against(documents: Documents) -> None:
    standard(documents, "K11")["basis"] = "business_days"
    faults = check_charters(documents)
    assert [(fault.severity, fault.key) for fault in faults] == [("warning", "standards.K11.basis")]
    assert "article 19 counts 5 days as working_hours_8" in faults[0].message


def test_faulty_charters_are_refused_as_a_whole(documents: Documents) -> None:
    standard(documents, "K4")["measure"]["rings"] = -3
    with pytest.raises(BadData, match=r"kibo\.toml: standards\.K4\.measure\.rings: is -3"):
        load_charters(documents)


JUNK = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5), st.just([]), st.just({}), st.just(["x"]))


def places(table: Any, above: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:  # any TOML value has places
    """Every place in a document, as the path to it."""
    parts = table.items() if isinstance(table, dict) else enumerate(table) if isinstance(table, list) else ()
    return [path for name, part in parts for path in [(*above, name), *places(part, (*above, name))]]


@given(st.lists(st.tuples(st.sampled_from(places(DELIVERED[KIBO])), JUNK), min_size=1, max_size=4))
def test_no_file_however_spoilt_breaks_the_checker(spoils: list[tuple[tuple[Any, ...], Any]]) -> None:
    document: Any = deepcopy(dict(DELIVERED[KIBO]))
    for path, junk in spoils:
        part = document
        for name in path[:-1]:
            part = part[name] if _has(part, name) else {}
        if _has(part, path[-1]):
            part[path[-1]] = junk
    faults = check_charters({KIBO: document})
    assert all(fault.key and fault.message for fault in faults)
    if not any(fault.severity == "error" for fault in faults):
        assert len(load_charters({KIBO: document})) == 1


def _has(part: Any, name: Any) -> bool:  # any TOML value
    return name in part if isinstance(part, dict) else isinstance(part, list) and name in range(len(part))
