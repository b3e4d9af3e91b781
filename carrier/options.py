"""What can be set about the engine: durations, rates and the chances of faults."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Account:
    """The one account of this carrier: its sid and auth token, and optionally an API key (SK...) with secret.

    The aggregator of texts beside it has keys of its own; without them it lets nobody in.
    """

    sid: str
    auth_token: str = field(repr=False)
    key_sid: str = ""
    key_secret: str = field(default="", repr=False)
    aggregator_key: str = ""
    aggregator_secret: str = field(default="", repr=False)


@dataclass(frozen=True)
class Options:
    """Durations in seconds and rates per second; the defaults resemble a real line in Korea.

    `rest_rate` 0 means that REST requests are never refused with 20429. `sound_samples` is how much sound of
    recordings is kept, two bytes each. `public_url` is the address of this carrier, for the URLs in recording
    callbacks.
    """

    syllables_per_second: float = 7.0
    play_seconds: float = 5.0
    setup_seconds: float = 0.3
    ring_buffer: float = 5.0
    wait_again_seconds: float = 1.0
    recording_seconds: float = 1.0
    sound_samples: int = 120_000_000
    transcription_seconds: float = 0.5
    message_step_seconds: float = 0.8
    digit_seconds: float = 0.2
    cps: float = 30.0
    queue_limit_seconds: float = 86400.0
    rest_rate: float = 0.0
    public_url: str = "http://127.0.0.1:8082"


@dataclass(frozen=True)
class Faults:
    """Chances between 0 and 1 that something goes wrong, drawn from the network's seed.

    `callback_*` concern status callbacks, `webhook_*` TwiML requests, `rest_*` our REST answers:
    `rest_error_before` answers 500 without effect, `rest_error_after` answers 500 though the effect happened.
    `aggregator_*` concern the aggregator of texts in the same way (`error_after` is a gateway's 504); its texts
    may come `slow`, after minutes, or not at all.
    """

    callback_duplicate: float = 0.0
    callback_reorder: float = 0.0
    callback_delay: float = 0.0
    callback_drop: float = 0.0
    delay_seconds: tuple[float, float] = (1.0, 10.0)
    webhook_duplicate_same_token: float = 0.0
    webhook_duplicate_new_token: float = 0.0
    rest_429: float = 0.0
    rest_error_before: float = 0.0
    rest_error_after: float = 0.0
    aggregator_429: float = 0.0
    aggregator_error_before: float = 0.0
    aggregator_error_after: float = 0.0
    aggregator_slow: float = 0.0
    aggregator_undelivered: float = 0.0
