"""Response rates of AAPOR, worked out by hand."""

import pytest

from ivr.surveys.rates import COMPLETE, LEFT_OUT, NOT_ELIGIBLE, OTHER, PARTIAL, REFUSAL, UNKNOWN, rates_of
from ivr.surveys.rows import Disposition


def test_every_disposition_has_one_place() -> None:
    groups = [COMPLETE, PARTIAL, REFUSAL, OTHER, UNKNOWN, NOT_ELIGIBLE, LEFT_OUT]
    placed = [one for group in groups for one in group]
    assert sorted(placed) == sorted(Disposition)


def test_the_rates_of_a_campaign() -> None:
    found = rates_of(
        {
            Disposition.COMPLETED: 50,
            Disposition.PARTIAL: 10,
            Disposition.REFUSED: 15,
            Disposition.BREAKOFF: 5,
            Disposition.UNRESPONSIVE: 100,
            Disposition.CONTACTED: 20,
            Disposition.INELIGIBLE: 20,
            Disposition.EXCLUDED: 7,
        }
    )
    assert found.minimum == pytest.approx(50 / 200)
    assert found.with_partial == pytest.approx(60 / 200)
    # Of those known 80 of 100 are eligible, so of the 120 unknown 96.
    assert found.estimated == pytest.approx(50 / 176)
    assert found.cooperation == pytest.approx(50 / 80)
    assert found.refusal == pytest.approx(20 / 200)
    assert found.contact == pytest.approx(80 / 200)


def test_nobody_has_no_rate() -> None:
    assert rates_of({}).minimum is None
    assert rates_of({Disposition.EXCLUDED: 3}).cooperation is None
