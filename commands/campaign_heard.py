"""What simulated people heard: how long their calls were, and which spoken texts gave trouble."""

from collections import Counter
from collections.abc import Sequence
from typing import TypedDict

from carrier.calls import Call

# No spoken text may last longer (the house's rule for every line).
LONGEST_PROMPT_SECONDS = 12.0
MOST_SHOWN = 60


class Prompt(TypedDict):
    """A spoken text that gave trouble: its length, how often it was heard again in a call, and left in the middle."""

    text: str
    seconds: float
    heard_again: int
    hung_up_during: int


def seconds_of(calls: Sequence[Call]) -> list[float]:
    """How long each call that was answered lasted, in seconds."""
    return [
        (call.times["ended"] - call.times["answered"]).total_seconds()
        for call in calls
        if {"answered", "ended"} <= call.times.keys()
    ]


def troubled_prompts(calls: Sequence[Call]) -> list[Prompt]:
    """The spoken texts that were too long, had to be heard again, or during which people left; the worst first."""
    seconds: dict[str, float] = {}
    again, left = Counter[str](), Counter[str]()
    for call in calls:
        said = [piece for piece in call.heard if piece.kind == "say"]
        for piece in said:
            lasted = ((piece.until or piece.at) - piece.at).total_seconds()
            seconds[piece.text] = max(seconds.get(piece.text, 0.0), lasted)
        again.update({text: times - 1 for text, times in Counter(piece.text for piece in said).items() if times > 1})
        left.update(piece.text for piece in said[-1:] if not piece.complete)
    found = [
        Prompt(text=text[:MOST_SHOWN], seconds=round(lasted, 1), heard_again=again[text], hung_up_during=left[text])
        for text, lasted in seconds.items()
        if lasted > LONGEST_PROMPT_SECONDS or again[text] or left[text]
    ]
    return sorted(found, key=lambda one: (-one["hung_up_during"], -one["heard_again"], -one["seconds"]))
