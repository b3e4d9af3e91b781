"""The rule of a line for warnings, the recommended time of a call, and the agent's rest, as its file says."""

from typing import Annotated

from pydantic import Field, model_validator

from ivr.lines.shapes import Shape, Whole

MOST_WARNINGS = 3
Seconds = Annotated[int, Field(ge=0)]


class ConductRule(Shape):
    """How often a caller is warned before a call may be ended, and after how many seconds a talk is long.

    `warnings` is about abuse; harassment is warned of once (guideline of the Ministry of the Interior, 2018).
    `version` rises with each new wording or number and is kept with each notice. `notice_after` 0 plays no
    notice of time, `longest` 0 lets no call be ended for its length. `respite_seconds` is the agent's rest after
    a call that had to be ended. Callers with a number in `relay_numbers` speak through an interpreter.
    """

    version: Whole = 1
    warnings: Annotated[int, Field(ge=1, le=MOST_WARNINGS)] = MOST_WARNINGS
    notice_after: Seconds = 900
    longest: Seconds = 1200
    respite_seconds: Seconds = 600
    relay_numbers: tuple[str, ...] = ("107",)

    @model_validator(mode="after")
    def _is_told_first(self) -> "ConductRule":
        if self.longest and not 0 < self.notice_after < self.longest:
            raise ValueError("longest needs a notice before it: give notice_after between 0 and longest, or longest 0")
        return self
