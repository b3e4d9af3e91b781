"""What workers and diallers count and time; the names are those of docs/operations.md, labels name nobody."""

import time
from dataclasses import dataclass
from datetime import timedelta

from prometheus_client import Counter, Histogram

from config.metrics import process_name
from config.tracing import note_traced, traced
from ivr.orders import Carrier, Order, Receipt, Rejected

ORDERS = Counter(
    "charterline_carrier_orders_total",
    "Orders given to the carrier or to an aggregator, by what came of them: accepted, found, refused (for good), "
    "busy (to be tried again) or unknown (no answer that tells)",
    ["process", "order", "receipt"],
)
ORDER_SECONDS = Histogram(
    "charterline_carrier_seconds",
    "Time in which an order was answered",
    ["process"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
LATENESS = Histogram(
    "charterline_promise_lateness_seconds",
    "How long after its moment a promise was begun",
    ["process", "kind"],
    buckets=(0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 15.0, 60.0, 300.0),
)
FAILURES = Counter(
    "charterline_promise_failures_total", "Times a promise failed with an error and was put off", ["process", "kind"]
)


@dataclass(frozen=True, slots=True)
class Measured:
    """A carrier port whose orders are counted and timed."""

    carrier: Carrier

    def do(self, order: Order) -> Receipt:
        """Carry out one order, as the port inside does."""
        process, began = process_name(), time.monotonic()
        with traced(f"order {type(order).__name__}"):
            receipt = self.carrier.do(order)
            note_traced(receipt=_came(receipt))
        ORDER_SECONDS.labels(process).observe(time.monotonic() - began)
        ORDERS.labels(process, type(order).__name__, _came(receipt)).inc()
        return receipt


def begun(kind: str, late: timedelta) -> None:
    """A promise of this kind is begun so long after its moment."""
    LATENESS.labels(process_name(), kind).observe(max(0.0, late.total_seconds()))


def failed(kind: str) -> None:
    """A promise of this kind failed with an error."""
    FAILURES.labels(process_name(), kind).inc()


def _came(receipt: Receipt) -> str:
    if isinstance(receipt, Rejected):
        return "refused" if receipt.permanent else "busy"
    return type(receipt).__name__.lower()
