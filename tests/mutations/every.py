"""Every defect: those that worlds and hours have to notice, and those that quick tests have to."""

from collections.abc import Sequence

from tests.mutations.defects import DEFECTS
from tests.mutations.defects_of_rules import OF_RULES
from tests.mutations.putting import Defect

EVERY: Sequence[Defect] = (*DEFECTS, *OF_RULES)
