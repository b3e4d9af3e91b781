"""Every prompt that the core can return is rendered, and what is rendered is clean TwiML."""

from dataclasses import fields
from typing import get_args

import pytest

from ivr.prompts import Ask, Attend, Connect, Go, HangUp, Hold, Leave, Listen, Play, Prompt, Record, Say, Transfer
from tests.contract.twiml_lint import Context, lint
from webhooks.twiml import render

WORDS = Say('"따옴표" & <꺾쇠> 안내입니다.')
ADDRESS = "/voice/key?call=c1&line=kibo&step=3#ct=2000&rt=5000&rc=1&rp=ct,rt,5xx"
SAMPLES: dict[type[Prompt], tuple[Context, Prompt]] = {
    Say: ("voice", WORDS),
    Play: ("voice", Play("/media/waiting.wav?seconds=30")),
    Ask: ("voice", Ask((WORDS, Play("/media/waiting.wav")), ADDRESS, digits=12, seconds=8, finish_on="#")),
    Record: ("voice", Record(ADDRESS, 15)),
    Hold: ("voice", Hold("kibo-guarantee", ADDRESS, ADDRESS)),
    Leave: ("wait", Leave()),
    Connect: ("voice", Connect("r1", "caller", ADDRESS, ADDRESS)),
    Attend: ("voice", Attend("r1", "m1", ADDRESS, ADDRESS, is_muted=False, coach="CA1")),
    Transfer: ("voice", Transfer("+825110000001")),
    Listen: ("voice", Listen("opening", "ko-KR", f"https://hotline.example{ADDRESS}")),
    Go: ("voice", Go(ADDRESS)),
    HangUp: ("voice", HangUp()),
}


def test_every_kind_of_prompt_has_a_sample() -> None:
    assert set(SAMPLES) == set(get_args(Prompt))


@pytest.mark.parametrize("kind", list(SAMPLES), ids=lambda kind: kind.__name__)
def test_every_prompt_renders_to_clean_twiml(kind: type[Prompt]) -> None:
    context, prompt = SAMPLES[kind]
    assert lint(render([prompt], lambda _: "Polly.Seoyeon"), context=context) == []


@pytest.mark.parametrize("kind", list(SAMPLES), ids=lambda kind: kind.__name__)
def test_everything_a_prompt_holds_reaches_the_carrier(kind: type[Prompt]) -> None:
    _, prompt = SAMPLES[kind]
    written = (
        render([prompt], lambda _: "Polly.Seoyeon").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
    )
    values = [value for field in fields(prompt) if isinstance(value := getattr(prompt, field.name), str)]
    assert [value for value in values if value.replace('"', "&quot;") not in written and value not in written] == []
