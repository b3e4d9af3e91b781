"""What an agent of a world presses in a talk, drawn from the seed: hold, memo, code, transfer, and often twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from ivr.transfers.rows import Manner

# Each for itself; most talks have a memo and a code, as the line's file asks for.
SHARE_MEMO, SHARE_CODE, SHARE_HOLD, SHARE_TRANSFER, SHARE_HANG_UP, SHARE_TWICE = 0.7, 0.6, 0.15, 0.08, 0.05, 0.1
# A hand that presses twice.
TWICE_AFTER = 0.15
MEMOS = ("a question about a date", "papers & copies", "<b>a complaint</b>", "to be rung again")


@dataclass(frozen=True, slots=True)
class Press:
    """A button pressed by an agent; `until` is the second of the world after which it is not pressed again."""

    agent: str
    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    until: float | None = None
    tries: int = 0

    @property
    def is_writing(self) -> bool:
        """Whether it keeps something that must be there afterwards."""
        return "memo" in self.form

    @property
    def subject(self) -> str:
        """The talk that it is about, by its address."""
        return self.path.split("/")[3]


def pressed_in_a_talk(
    dice: Random, own: Press, others: Sequence[str], *, codes: Sequence[str]
) -> Iterator[tuple[float, Press]]:
    """Each press with the seconds from the beginning of the talk; `own` names the agent, and the talk as its path."""
    for after, path, form in _drawn(dice, own.path, others, codes):
        press = Press(own.agent, path, form)
        yield after, press
        if dice.random() < SHARE_TWICE:
            yield after + TWICE_AFTER, press


def _drawn(
    dice: Random, talk: str, others: Sequence[str], codes: Sequence[str]
) -> Iterator[tuple[float, str, dict[str, str]]]:
    subject = {"subject": talk}
    if dice.random() < SHARE_HOLD:
        begin = dice.uniform(5, 25)
        yield begin, "/desk/hold", subject
        yield begin + dice.uniform(4, 25), "/desk/resume", subject
    if others and dice.random() < SHARE_TRANSFER:
        yield from _transfer(dice, f"/talk/of/{talk}/transfer", dice.choice(others))
    if dice.random() < SHARE_HANG_UP:
        yield dice.uniform(10, 50), "/desk/hang-up", subject
    if dice.random() < SHARE_MEMO:
        memo = {"memo": dice.choice(MEMOS), "version": "0"}
        yield dice.uniform(3, 30), f"/talk/of/{talk}/memo", memo
        if codes and dice.random() < SHARE_CODE:
            then = {"then": "finish"} if dice.random() < 0.5 else {}
            yield dice.uniform(31, 90), f"/talk/of/{talk}/wrap-up", {**memo, "code": dice.choice(codes), **then}


def _transfer(dice: Random, path: str, colleague: str) -> Iterator[tuple[float, str, dict[str, str]]]:
    manner, begin = dice.choice(list(Manner)), dice.uniform(5, 20)
    yield begin, path, {"agent": colleague, "manner": manner.value}
    if manner is Manner.CONSULT:
        yield begin + dice.uniform(20, 45), f"{path}/{dice.choice(('complete', 'cancel'))}", {}
