"""The blueprint of the desk, and what its templates and those of the tools are given."""

from flask import Blueprint

from console.desk.showing import Sight
from console.office import office

blueprint = Blueprint("desk", __name__, url_prefix="/desk")

# Why somebody leaves, in the order of the list; the words are `common.away.*` of the texts.
REASONS = ("break", "lunch", "training", "meeting", "other")
# Why a call that rings is left to somebody else; the words are `desk.rejection.*`.
REJECTIONS = ("busy-desk", "other-skill", "technical", "other")


def shown(sight: Sight, notice: str = "") -> dict[str, object]:
    """What the templates of the desk and of its tools are given; `notice` says what could not be done."""
    work = sight.work
    return {
        "sight": sight,
        "notice": notice,
        "reasons": REASONS,
        "rejections": REJECTIONS,
        "driver": office().softphones.driver if sight.agent.softphone else "",
        "work": work,
        "beside": sight.beside,
        "offer": work.offer if work else None,
        "call": work.call if work else None,
        "attempt": work.attempt if work else None,
        "callback": work.callback if work else None,
        "state": sight.phase,
    }
