"""Figures as they are printed: decimals with halves up, and shares of which all and nothing mean just that."""

from fractions import Fraction


def rounded(value: Fraction, places: int = 1) -> str:
    """A fraction to so many decimals, halves up: 83.3."""
    shifted = value * 10**places
    whole = (2 * shifted.numerator + shifted.denominator) // (2 * shifted.denominator)
    sign, digits = ("-" if whole < 0 else ""), f"{abs(whole):0{places + 1}d}"
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def percent(share: Fraction | float) -> str:
    """A share (1 for all) in percent with one decimal: what is not all is never 100.0, what is something never 0.0."""
    tenths = round(share * 1000)
    if 0 < share < 1:
        tenths = min(max(tenths, 1), 999)
    return f"{tenths / 10:.1f}"
