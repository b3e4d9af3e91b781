"""The rule of a line for supervisors who listen to talks as they happen: off, unless both sides are told."""

from typing import Final

from ivr.lines.shapes import Shape

# Communications Secrets Act, articles 3 and 14: who is no party may not listen to others in secret.
NOTICE: Final = "monitoring"


class MonitoringRule(Shape):
    """Whether supervisors may be beside talks; then a notice with the id `monitoring` tells callers beforehand."""

    allowed: bool = False
