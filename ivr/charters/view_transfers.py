"""One transfer as judges see it: what was asked, what the caller was told, and whether the caller arrived."""

from collections.abc import Sequence
from dataclasses import dataclass

from ivr.calls.facts import Told
from ivr.calls.steps import TRANSFER_HEARD, TRANSFER_TOLD, joined
from ivr.transfers.rows import Transfer, TransferOutcome


@dataclass(frozen=True, slots=True)
class TransferView:
    """One transfer; `to_offer` is None where the other agent was never rung.

    `told` are the words to the caller (detail: `text`, `parts` with commas, `version`), `heard` proves that they
    were heard to their end, `joined` that the caller then met the other agent.
    """

    id: str
    from_offer: str
    to_offer: str | None
    outcome: TransferOutcome | None
    told: Told | None
    heard: Told | None
    joined: Told | None

    @property
    def parts(self) -> frozenset[str]:
        """The parts in the words to the caller: `department`, `name`, `number`, as they were then."""
        words = str(self.told.detail.get("parts", "")) if self.told else ""
        return frozenset(part for part in words.split(",") if part)


def read_transfer(transfer: Transfer, facts: Sequence[Told]) -> TransferView:
    """Read one transfer; facts must be in the order of arrival."""
    return TransferView(
        id=transfer.id,
        from_offer=transfer.from_offer,
        to_offer=transfer.to_offer,
        outcome=TransferOutcome(transfer.outcome) if transfer.outcome else None,
        told=_first(facts, TRANSFER_TOLD, transfer.id),
        heard=_first(facts, TRANSFER_HEARD, transfer.id),
        joined=next((fact for fact in facts if transfer.to_offer and joined(fact, transfer.to_offer)), None),
    )


def _first(facts: Sequence[Told], kind: str, transfer: str) -> Told | None:
    return next((fact for fact in facts if fact.kind == kind and fact.detail.get("transfer") == transfer), None)
