"""What a web process counts and times; the names are those of docs/operations.md, labels name nobody."""

from collections.abc import Callable

from flask import Response
from prometheus_client import Counter, Histogram

from ivr.addresses import Address

SECONDS = Histogram(
    "charterline_webhook_seconds",
    "Time in which a webhook was answered, retries within the request included",
    ["address"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0),
)
FAILURES = Counter(
    "charterline_webhook_failures_total",
    "Requests that were not answered as wished: unsigned, not_ours (an address that we did not emit) or failed",
    ["address", "reason"],
)
RETRIES = Counter(
    "charterline_webhook_retries_total", "Times a webhook asked the database once more within its request", ["address"]
)

TURNED_AWAY = Counter(
    "charterline_calls_turned_away_total",
    "Calls that were offered a callback at once, because too much was waiting already",
    ["line"],
)


def timed(address: Address, answer: Callable[[], Response]) -> Callable[[], Response]:
    """The same view, with the time it takes put down."""

    def answer_timed() -> Response:
        with SECONDS.labels(address.value).time():
            return answer()

    answer_timed.__name__ = answer.__name__
    return answer_timed
