"""The document's comparison of costs comes out figure by figure, and at any other number of calls."""

from fractions import Fraction

import pytest

from ivr.firms.amounts import month_estimate
from ivr.firms.comparison import CostTable, compare
from ivr.rounding import rounded
from tests.http.board import words

RULE = words()[1].by_id("ascentre").centre
assert RULE is not None
MILLION = 1_000_000


@pytest.fixture(scope="module")
def table() -> CostTable:
    """The table at the document's 100 calls a day."""
    assert RULE is not None
    return compare(RULE)


def test_every_figure_of_the_document(table: CostTable) -> None:
    costs = {cost.id: cost for cost in table.costs}
    assert costs["labour"].other == 86 * MILLION
    assert costs["labour"].ours == 13_500_000
    assert table.support == 31_500_000
    assert costs["seats"].other == 14_400_000
    assert costs["running"].ours == 600_000
    assert costs["carriage"].other == 1_320_000
    assert (table.other.millions, table.ours.millions) == (Fraction("101.7"), Fraction("14.1"))
    assert (table.other.exact, table.ours.exact) == (101_720_000, 14_100_000)
    assert (table.excess.millions, table.excess.exact) == (Fraction("87.6"), 87_620_000)


def test_its_shares_and_its_agents(table: CostTable) -> None:
    assert rounded(table.share * 100, 1) == "13.9"
    assert rounded(table.share * 100, 0) == "14"
    assert rounded(table.excess_share * 100, 0) == "621"
    assert table.agents == Fraction(5, 3)
    assert (rounded(table.agents, 2), rounded(table.agents, 1)) == ("1.67", "1.7")
    assert (table.other_agents, table.supervisors, table.everybody) == (2, 1, Fraction("2.7"))


def test_the_month_is_millions_where_the_document_prints_thousands(table: CostTable) -> None:
    assert table.other.monthly_millions == Fraction("8.475")
    assert table.ours.monthly_millions == Fraction("1.175")
    assert table.ours.monthly == 1_175_000
    assert (table.month.bands, table.month.service, table.month.base) == (10, 1_125_000, 50_000)


@pytest.mark.parametrize(
    ("calls", "bands", "service", "others"), [(1, 1, 112_500, 1), (101, 11, 1_237_500, 3), (1_000, 100, 11_250_000, 20)]
)
def test_another_number_of_calls_is_by_bands_here_and_by_whole_agents_elsewhere(
    calls: int, bands: int, service: int, others: int
) -> None:
    assert RULE is not None
    table = compare(RULE, calls_per_day=calls)
    assert (table.month.bands, table.month.service, table.other_agents) == (bands, service, others)
    assert sum(cost.other for cost in table.costs) == table.other.exact


def test_parts_of_a_won_are_cut_off_the_share_of_the_firm() -> None:
    assert RULE is not None
    odd = RULE.prices.model_copy(update={"agent_per_year": 27_000_001, "base_per_year": 600_005})
    month = month_estimate(odd, 1)
    # 27,000,001 / 12 * 200 / 1,200 = 375,000.0138..., 30 % of it 112,500.0041...
    assert (month.gross, month.service, month.base) == (375_000, 112_500, 50_000)
    assert month_estimate(odd, 0).owed == 50_000
