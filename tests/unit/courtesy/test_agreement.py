"""Agreement of raters against published values, tables worked out by hand, and the definition itself."""

from collections import Counter
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from ivr.courtesy.agreement import agreement, quadratic_kappa

# scikit-learn's own test of cohen_kappa_score: 46, 44 and 10 against 50, 40 and 10, quadratic 0.9541.
SKLEARN = [*[(0, 0)] * 46, *[(1, 0)] * 4, *[(1, 1)] * 40, *[(2, 2)] * 10]
# The data "anxiety" of the R package irr: kappa2(anxiety[, 1:2], "squared"), the first example of its manual, is 0.297.
ANXIETY = list(
    zip(
        [3, 3, 3, 4, 5, 5, 2, 3, 5, 2, 2, 6, 1, 5, 2, 2, 1, 2, 4, 3],
        [3, 6, 4, 6, 2, 4, 2, 4, 3, 3, 2, 3, 3, 3, 2, 2, 1, 3, 3, 4],
        strict=True,
    )
)
POINTS = st.integers(1, 5)
PAIRS = st.lists(st.tuples(POINTS, POINTS), min_size=1, max_size=40)


def by_definition(pairs: list[tuple[int, int]]) -> Fraction | None:
    """1 - sum(w O) / sum(w E) over the whole table, as Cohen wrote it."""
    n, seen = len(pairs), Counter(pairs)
    first, second = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
    scale = sorted({*first, *second})
    observed = sum((i - j) ** 2 * seen[i, j] for i in scale for j in scale)
    expected = sum(Fraction((i - j) ** 2 * first[i] * second[j], n) for i in scale for j in scale)
    return 1 - observed / expected if expected else None


def test_published_values_come_out() -> None:
    assert quadratic_kappa(SKLEARN) == 1 - Fraction(4) / Fraction(872, 10)
    assert f"{float(quadratic_kappa(SKLEARN) or 0):.4f}" == "0.9541"
    assert f"{float(quadratic_kappa(ANXIETY) or 0):.3f}" == "0.297"


def test_a_table_worked_out_by_hand() -> None:
    # Squared distances 0, 1, 4, 0: observed 5. Squares 5²+3²+1²+4²=51 and 5²+4²+3²+4²=66, sums 13 and 16:
    # expected 117 - 2*13*16/4 = 13. Kappa 1 - 5/13.
    found = agreement([(5, 5), (3, 4), (1, 3), (4, 4)])
    assert (found.n, found.exact, found.within_one) == (4, Fraction(1, 2), Fraction(3, 4))
    assert (found.kappa, found.mean_difference) == (Fraction(8, 13), Fraction(3, 4))
    assert found.undefined == ""


def test_nothing_scored_twice_has_no_agreement_and_says_so() -> None:
    found = agreement([])
    assert (found.n, found.exact, found.within_one, found.kappa, found.mean_difference) == (0, None, None, None, None)
    assert found.undefined == "no_pairs"


def test_one_score_throughout_agrees_fully_but_has_no_kappa() -> None:
    found = agreement([(4, 4)] * 7)
    assert (found.exact, found.kappa, found.undefined) == (Fraction(1), None, "one_score")


def test_two_raters_with_one_score_each_but_different_ones_agree_no_better_than_chance() -> None:
    found = agreement([(4, 5)] * 7)
    none, all_ = Fraction(0), Fraction(1)
    assert (found.exact, found.within_one, found.kappa, found.mean_difference) == (none, all_, none, all_)


def test_opposite_raters_agree_worse_than_chance() -> None:
    assert quadratic_kappa([(1, 5), (5, 1)]) == -1


@given(PAIRS)
def test_the_short_way_is_the_definition(pairs: list[tuple[int, int]]) -> None:
    assert quadratic_kappa(pairs) == by_definition(pairs)


@given(PAIRS)
def test_order_of_calls_and_of_raters_makes_no_difference(pairs: list[tuple[int, int]]) -> None:
    kappa = quadratic_kappa(pairs)
    assert quadratic_kappa(pairs[::-1]) == kappa == quadratic_kappa([(other, one) for one, other in pairs])
    assert kappa is None or -1 <= kappa <= 1


@given(PAIRS)
def test_shares_are_consistent(pairs: list[tuple[int, int]]) -> None:
    found = agreement(pairs)
    assert found.exact is not None
    assert found.within_one is not None
    assert 0 <= found.exact <= found.within_one <= 1
    assert (found.kappa == 1) == (found.exact == 1 and found.kappa is not None)
