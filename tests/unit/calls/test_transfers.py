"""A transfer to an outside number that nobody answers leaves no caller without a word."""

from dataclasses import replace

from ivr.calls import menus
from ivr.calls.talk import Talk
from ivr.lines.actions import ToNumber
from ivr.prompts import HangUp, Say, Transfer
from tests.http.board import words


def test_after_a_transfer_the_caller_hears_how_to_go_on_and_the_call_ends() -> None:
    texts, lines, _ = words()
    kibo = lines.by_id("kibo")
    menu = kibo.menus["main"]
    entry = replace(menu.keys["1"], action=ToNumber("+82221110000"))
    changed = menu.model_copy(update={"keys": {**menu.keys, "7": entry}})
    line = kibo.model_copy(update={"menus": {**kibo.menus, "main": changed}})
    talk = Talk(line, texts, "c1", step=2, language=line.language)
    said, transfer, after, end = menus.key(talk, "main", digits="7", misses=0)
    assert isinstance(said, Say)
    assert transfer == Transfer("+82221110000")
    assert after == talk.say("failure.after_transfer")
    assert end == HangUp()
