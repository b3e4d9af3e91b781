"""Texts filled with samples, so that they can be read and heard before anybody gets them."""

import string
from collections.abc import Mapping
from datetime import datetime, timedelta

from ivr.messages.fields import BadText, Value, fill

A_NUMBER = 3
NUMBERS = frozenset({"sino", "native", "ordinal"})
MOMENTS = frozenset({"moment", "clock"})


def with_samples(text: str, names: Mapping[str, str], *, at: datetime) -> str:
    """The text with `names` for its fields, numbers and moments where its readings want such; raises `BadText`.

    `at` is the local present; moments lie a day ahead of it. A field without a sample shows its name.
    """
    try:
        pieces = list(string.Formatter().parse(text))
    except ValueError as error:
        raise BadText(str(error)) from None
    values: dict[str, Value] = {}
    for _, name, specification, _ in pieces:
        if name:
            values[name] = _sample(name, frozenset((specification or "").split("|")), names, at)
    return fill(text, values)


def _sample(name: str, readings: frozenset[str], names: Mapping[str, str], at: datetime) -> Value:
    if readings & MOMENTS:
        return at + timedelta(days=1), at
    if readings & NUMBERS:
        return A_NUMBER
    return names.get(name, name)
