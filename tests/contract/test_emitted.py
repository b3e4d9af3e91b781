"""Every prompt, rendered as the webhooks render it, is clean TwiML where it is meant to run."""

from typing import get_args

import pytest

from ivr.prompts import Ask, Attend, Connect, Go, HangUp, Hold, Leave, Listen, Play, Prompt, Record, Say, Transfer
from webhooks.twiml import render

from .twiml_lint import Context, lint

WORDS = Say("번호를 눌러 주십시오.")
SAMPLES: list[tuple[Context, tuple[Prompt, ...]]] = [
    ("voice", (WORDS, Say("Please hold.", "en-US"), HangUp())),
    ("voice", (Play("/media/hold"), Go("/voice/menu?line=kibo&step=2"))),
    ("voice", (Ask((WORDS, Play("/media/beep")), then="/voice/key?step=3"),)),
    ("voice", (Ask((WORDS,), then="/voice/number", digits=0, seconds=10, finish_on="#"),)),
    ("voice", (Record("/voice/clip", 20),)),
    ("voice", (Hold("kibo-counsel", "/voice/wait?step=1", "/voice/left?step=1"),)),
    ("voice", (WORDS, Connect("c-5f3a9be2", "caller", "/voice/status?room=c-5f3a9be2", "/voice/after"))),
    ("voice", (Attend("r1", "m1", "/voice/room?call=c1", "/voice/agent/monitor/over", is_muted=True, coach=""),)),
    ("voice", (Attend("r1", "m1", "/voice/room?call=c1", "/voice/agent/monitor/over", is_muted=False, coach="CA1"),)),
    ("voice", (WORDS, Transfer("+8215441120"), WORDS, HangUp())),
    ("voice", (Transfer("+827010000002"),)),
    ("voice", (Listen("opening", "ko-KR", "https://hotline.example/voice/transcribed?offer=c1-1"), WORDS)),
    ("wait", (Ask((WORDS,), then="/voice/wait?step=2"),)),
    ("wait", (Leave(),)),
]


@pytest.mark.parametrize(("context", "prompts"), SAMPLES)
def test_a_rendered_document_is_clean(context: Context, prompts: tuple[Prompt, ...]) -> None:
    xml = render(prompts, lambda language: "Polly.Seoyeon" if language == "ko-KR" else "Polly.Joanna")
    assert lint(xml, context=context) == []


def test_every_kind_of_prompt_is_among_the_samples() -> None:
    shown = {type(prompt) for _, prompts in SAMPLES for prompt in prompts}
    assert shown == set(get_args(Prompt))
