"""What all measures have: a name, the scopes they can judge, and for timed ones the bases that may count."""

from typing import ClassVar, get_args

from ivr.charters.limits import Limit, Within
from ivr.charters.terms import Basis, Scope
from ivr.lines.shapes import Shape

ANY_BASIS: frozenset[Basis] = frozenset(get_args(Basis))
HOURS: frozenset[Basis] = frozenset({"calendar_hours", "working_hours_8"})


class Measure(Shape):
    """One way to judge; a subclass's first sentence says when the promise is kept."""

    scopes: ClassVar[frozenset[Scope]]
    bases: ClassVar[frozenset[Basis]] = frozenset()

    @property
    def limit(self) -> Limit | None:
        """How long it may take; None where the measure is not about time."""
        return None


class Timed(Measure):
    """A measure with a limit; the standard says on which basis time counts."""

    bases: ClassVar[frozenset[Basis]] = ANY_BASIS
    within: Within

    @property
    def limit(self) -> Limit | None:
        """How long it may take."""
        return self.within


class MaybeTimed(Measure):
    """A measure whose charter may name a limit, or only that it is done before the matter is closed."""

    bases: ClassVar[frozenset[Basis]] = ANY_BASIS
    within: Within | None = None

    @property
    def limit(self) -> Limit | None:
        """How long it may take, where the charter says so."""
        return self.within
