"""A new version of a charter: a small change of the file, old standards kept, and the difference told."""

from datetime import date
from typing import Any

import pytest

from ivr.charters.diff import FieldChange, diff
from ivr.charters.model import Charter, UnknownCharter
from ivr.charters.reading import load_charters

Documents = dict[str, Any]  # what TOML gives: tables of any depth, changed at will by these tests


def amended(documents: Documents) -> Charter:
    """Daejeon's charter with a second version: two hours instead of one, D10 dropped, D19 new."""
    document = documents["dcgf.toml"]
    standards = {(table["promise"], table.get("part", "")): table for table in document["standards"]}
    document["versions"][0]["effective_to"] = date(2026, 6, 30)
    document["versions"].append({"version": 2, "effective_from": date(2026, 7, 1)})
    hour, window = standards["D6", ""], standards["D10", ""]
    hour["to_version"] = window["to_version"] = 1
    longer = {"measure": {"name": "answered_within", "within": "2 hours"}, "from_version": 2, "to_version": 2}
    document["standards"].append({**hour, **longer})
    document["standards"].append({**window, "promise": "D19", "from_version": 2, "to_version": 2})
    return load_charters(documents).of("dcgf")


def test_each_version_has_its_own_standards_and_shares_the_unchanged_ones(documents: Documents) -> None:
    charter = amended(documents)
    old, new = ({standard.id for standard in charter.standards(version)} for version in (1, 2))
    assert old - new == {"dcgf/D6/1", "dcgf/D10/1"}
    assert new - old == {"dcgf/D6/2", "dcgf/D19/2"}
    assert (charter.at(date(2026, 6, 30)), charter.at(date(2026, 7, 1))) == (1, 2)


def test_the_difference_is_told_promise_by_promise_with_old_and_new_values(documents: Documents) -> None:
    changes = {change.key: change for change in diff(amended(documents), 1, 2)}
    assert {key: change.what for key, change in changes.items()} == {"D6": "changed", "D10": "removed", "D19": "added"}
    assert changes["D6"].fields == (FieldChange("measure.within", "1 hour", "2 hours"),)


def test_the_difference_backwards_is_the_mirror(documents: Documents) -> None:
    changes = {change.key: change for change in diff(amended(documents), 2, 1)}
    assert {key: change.what for key, change in changes.items()} == {"D6": "changed", "D10": "added", "D19": "removed"}
    assert changes["D6"].fields == (FieldChange("measure.within", "2 hours", "1 hour"),)


def test_a_version_does_not_differ_from_itself(documents: Documents) -> None:
    assert diff(amended(documents), 2, 2) == ()


def test_an_unknown_version_is_refused(documents: Documents) -> None:
    with pytest.raises(UnknownCharter, match="no version 3"):
        diff(amended(documents), 1, 3)
