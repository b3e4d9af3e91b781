"""Prompts become TwiML here and nowhere else."""

from collections.abc import Callable, Iterable
from typing import TypeAlias, assert_never

from twilio.twiml.voice_response import Dial, Gather, Start, VoiceResponse

from ivr.prompts import (
    Ask,
    Attend,
    Connect,
    Go,
    HangUp,
    Hold,
    Leave,
    Listen,
    Play,
    Prompt,
    Record,
    Say,
    Transfer,
)

VoiceOf: TypeAlias = Callable[[str], str]
TRANSFER_RINGS_SECONDS = 30
ROOM_EVENTS = "start end join leave hold"


def render(prompts: Iterable[Prompt], voice_of: VoiceOf) -> str:
    """Write one document; `voice_of` gives the voice for a language."""
    response = VoiceResponse()
    for prompt in prompts:
        _add(response, prompt, voice_of)
    return str(response)


def _add(response: VoiceResponse, prompt: Prompt, voice_of: VoiceOf) -> None:
    match prompt:
        case Say() | Play():
            _sound(response, prompt, voice_of)
        case Ask():
            _ask(response, prompt, voice_of)
        case Record():
            _record(response, prompt)
        case Hold() | Connect() | Attend() | Transfer():
            _bring(response, prompt)
        case Listen():
            _listen(response, prompt)
        case Go() | Leave() | HangUp():
            _move(response, prompt)
        case _:
            assert_never(prompt)


def _move(response: VoiceResponse, prompt: Go | Leave | HangUp) -> None:
    match prompt:
        case Go(url):
            response.redirect(url, method="POST")
        case Leave():
            response.leave()
        case HangUp():
            response.hangup()
        case _:
            assert_never(prompt)


def _bring(response: VoiceResponse, prompt: Hold | Connect | Attend | Transfer) -> None:
    match prompt:
        case Hold(queue, wait, then):
            response.enqueue(queue, wait_url=wait, wait_url_method="POST", action=then, method="POST")
        case Attend():
            _attend(response, prompt)
        case Connect():
            _connect(response, prompt)
        case Transfer(number):
            dial = Dial(timeout=TRANSFER_RINGS_SECONDS)
            dial.number(number)
            response.append(dial)
        case _:
            assert_never(prompt)


def _listen(response: VoiceResponse, listen: Listen) -> None:
    start = Start()
    start.transcription(
        name=listen.name,
        track="inbound_track",
        language_code=listen.language,
        partial_results=False,
        status_callback_url=listen.events,
        status_callback_method="POST",
    )
    response.append(start)


def _record(response: VoiceResponse, prompt: Record) -> None:
    response.record(
        action=prompt.then,
        method="POST",
        max_length=prompt.seconds,
        finish_on_key=prompt.finish_on,
        play_beep=True,
        trim="do-not-trim",
    )
    # An empty recording does not ask for `action`: the document goes on, and this asks in its place.
    response.redirect(prompt.then, method="POST")


def _sound(parent: VoiceResponse | Gather, prompt: Say | Play, voice_of: VoiceOf) -> None:
    match prompt:
        case Say(text, language):
            parent.say(text, voice=voice_of(language), language=language)
        case Play(url):
            parent.play(url)
        case _:
            assert_never(prompt)


def _ask(response: VoiceResponse, ask: Ask, voice_of: VoiceOf) -> None:
    gather = Gather(
        input="dtmf",
        action=ask.then,
        method="POST",
        num_digits=ask.digits or None,
        timeout=ask.seconds,
        finish_on_key=ask.finish_on,
        # Silence is an answer: without this the document would run on into nothing.
        action_on_empty_result=True,
    )
    for part in ask.parts:
        _sound(gather, part, voice_of)
    response.append(gather)


def _connect(response: VoiceResponse, connect: Connect) -> None:
    dial = Dial(action=connect.then, method="POST")
    dial.conference(
        connect.room,
        participant_label=connect.label,
        start_conference_on_enter=True,
        end_conference_on_exit=connect.label == "caller",
        beep="false",
        # The default buffer adds up to a second to a talk of two.
        jitter_buffer_size="small",
        # The first to join decides these for the room, so every joiner sends the same.
        status_callback=connect.events,
        status_callback_event=ROOM_EVENTS,
        status_callback_method="POST",
    )
    response.append(dial)


def _attend(response: VoiceResponse, attend: Attend) -> None:
    dial = Dial(action=attend.then, method="POST")
    dial.conference(
        attend.room,
        participant_label=attend.label,
        muted=attend.is_muted,
        coach=attend.coach or None,
        # Beside a talk nobody begins it, ends it, or is announced by a tone: callers are told before.
        start_conference_on_enter=False,
        end_conference_on_exit=False,
        beep="false",
        jitter_buffer_size="small",
        status_callback=attend.events,
        status_callback_event=ROOM_EVENTS,
        status_callback_method="POST",
    )
    response.append(dial)
