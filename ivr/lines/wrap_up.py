"""What a line asks of its agents after a talk: a code for what it came to."""

from collections.abc import Mapping

from ivr.lines.documents import Code, Name
from ivr.lines.shapes import Shape


class WrapUpRule(Shape):
    """`codes` are what agents choose from after a talk, in this order: kept as codes, read as names."""

    codes: Mapping[Code, Name] = {}
