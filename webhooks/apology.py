"""What a caller hears when we cannot answer: an apology and a way to a person, from memory alone."""

from ivr.addresses import Address
from ivr.lines.model import Line, UnknownLine
from ivr.prompts import HangUp, Leave, Prompt, Say, Transfer
from webhooks.heard import Heard
from webhooks.switchboard import Switchboard
from webhooks.twiml import render


def apology(address: Address, heard: Heard, board: Switchboard) -> str:
    """A document that needs no database, for a leg whose step failed."""
    line = _line_of(heard, board)
    if address.is_aside:
        return render((), (line or next(iter(board.lines))).voice_of)
    prompts = apology_prompts(board, None if address.is_agents or address.is_asking else line)
    if address is Address.WAIT:
        # Music documents may not dial: out of the queue first, what follows is asked for then.
        prompts = (prompts[0], Leave())
    return render(prompts, (line or next(iter(board.lines))).voice_of)


def apology_prompts(board: Switchboard, line: Line | None) -> tuple[Prompt, ...]:
    """Sorry; then a caller is put through to the line's direct number, anyone else is told and let go."""
    texts = board.texts if line is None else board.texts.of(line.id)
    sorry = texts.say("failure.apology")
    if line is None:
        return (Say(sorry.text, sorry.language), HangUp())
    onward, over = texts.say("failure.transfer"), texts.say("failure.after_transfer")
    return (
        Say(sorry.text, sorry.language),
        Say(onward.text, onward.language),
        Transfer(line.fallback_number),
        Say(over.text, over.language),
        HangUp(),
    )


def _line_of(heard: Heard, board: Switchboard) -> Line | None:
    """The line of the address, or the one that was dialled."""
    try:
        return board.line(heard.query["line"])
    except (KeyError, UnknownLine):
        return board.lines.by_number(heard.form.get("To", ""))
