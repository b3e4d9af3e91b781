"""What the pages of one firm and of one contract show, as opened or as a form came back to them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import render_template
from sqlalchemy.orm import Session

from console.centre import centre_line
from console.firms.room import contract_or_404, entry_or_404, said
from console.forms import Faults
from console.office import office
from console.shell import SUPERVISING
from console.stories import Happening, accounts_of
from console.visitor import visitor, wording
from ivr.base import Refused
from ivr.billing.prices import price_history
from ivr.firms.amounts import due_on, needed
from ivr.firms.clauses import CLAUSES
from ivr.firms.drafting import Proposal, propose
from ivr.firms.moves import CONTRACT_MOVES, ContractEvent
from ivr.firms.registering import standing_exclusions
from ivr.firms.registration import hyphenated
from ivr.firms.rows import Contract, ContractState, FirmEntry, FirmEvent, Security, SecurityKind
from ivr.firms.security import standing
from ivr.firms.standing import Held, standings
from ivr.firms.working import events_of
from ivr.lines.hours import SEOUL

TRAITS = ("is_manufacturer", "is_made_here", "is_of_group", "is_regulated")
TONES = {"sign": "good", "end": "warn", "drop": "warn", "return": "calm", "security": "calm"}
MONEY = ("amount", "needed")


@dataclass(frozen=True, slots=True)
class Need:
    """The least in won that is left for a contract as this kind, and the last day for it."""

    amount: int
    due_on: date


def today() -> date:
    """The local day."""
    return office().clock().astimezone(SEOUL).date()


def show_firm(firm_id: str, *, act: str = "", faults: Faults | None = None) -> str:
    """The page of a firm; `act` names the form that came back with faults."""
    line, rule = centre_line()
    with office().store.reading() as session:
        entry = entry_or_404(session, firm_id)
        [found] = standings(session, line, [entry], day=today())
        proposal, refused = _proposal(session, entry)
        return render_template(
            "firms/one.html",
            firm=found,
            entry=entry,
            number=hyphenated(entry.registration),
            rule=rule,
            today=today(),
            exclusions=standing_exclusions(line, entry),
            kinds=product_choices(),
            traits=trait_choices(),
            declared=[trait for trait in TRAITS if getattr(entry, trait)],
            proposal=proposal,
            no_proposal=refused,
            happenings=_happenings(session, events_of(session, line.id, firm_id)),
            keep_days=line.opening.keep_days,
            may_change=visitor().may(*SUPERVISING),
            act=act,
            faults=faults,
        )


def show_contract(firm_id: str, contract_id: str, *, act: str = "", faults: Faults | None = None) -> str:
    """The page of a contract; `act` names the form that came back with faults."""
    line, _ = centre_line()
    with office().store.reading() as session:
        contract = contract_or_404(session, firm_id, contract_id)
        [found] = standings(session, line, [entry_or_404(session, firm_id)], day=today())
        held = next(one for one in found.contracts if one.contract.id == contract_id)
        carriable = _carriable(found.contracts, contract)
        return render_template(
            "firms/contract.html",
            firm=found,
            held=held,
            contract=contract,
            needs=_needs(session, contract),
            dues=[due for due in found.dues if due.contract_id == contract_id],
            clauses=CLAUSES,
            standing=standing(held.securities),
            carriable=carriable,
            names=accounts_of(session, [contract.made_by, contract.signed_by]),
            acts=_acts(contract, has_standing=bool(standing(held.securities)), has_carriable=bool(carriable)),
            today=today(),
            act=act,
            faults=faults,
        )


def product_choices() -> list[tuple[str, str]]:
    """Kinds that may join, and after them those that may not, so that the rule can answer."""
    line, rule = centre_line()
    excluded = [one for one in rule.excluded.values() if one.when == "product"]
    say = wording().say
    kinds = [(product.id, product.name) for product in line.products.values()]
    return [*kinds, *((one.id, say("firms.excluded_kind", name=one.name)) for one in excluded)]


def trait_choices() -> list[tuple[str, str]]:
    """What a firm declares of itself."""
    return [(trait, wording().say(f"firms.trait.{trait}")) for trait in TRAITS]


def _proposal(session: Session, entry: FirmEntry) -> tuple[Proposal | None, str]:
    line, _ = centre_line()
    try:
        return propose(session, line, entry.id, day=today()), ""
    except Refused as refused:
        return None, said(refused)


def _needs(session: Session, contract: Contract) -> Mapping[str, Need]:
    line, rule = centre_line()
    prices = price_history(session, line).on(contract.first_day)
    return {
        kind.value: Need(
            needed(rule.security, prices, kind, monthly_calls=contract.monthly_calls),
            due_on(rule.security, kind, contract.first_day),
        )
        for kind in SecurityKind
    }


def _carriable(known: Sequence[Held], contract: Contract) -> list[Security]:
    """Deposits of other contracts of the firm that stand still."""
    others = [one for held in known if held.contract.id != contract.id for one in standing(held.securities)]
    return [one for one in others if one.kind is SecurityKind.DEPOSIT]


def _acts(contract: Contract, *, has_standing: bool, has_carriable: bool) -> list[str]:
    """What the visitor can do about a contract now, in the order in which it is offered."""
    if not visitor().may(*SUPERVISING):
        return []
    state, begins = contract.state, contract.first_day > today()
    offered = {
        "security": state in {ContractState.DRAFT, ContractState.SIGNED},
        "carry": state is ContractState.DRAFT and has_carriable,
        "sign": (state, ContractEvent.SIGN) in CONTRACT_MOVES,
        "publish": state is ContractState.SIGNED and contract.published_on is None,
        "redraft": (state, ContractEvent.REDRAFT) in CONTRACT_MOVES,
        "return": has_standing,
        "end": (state, ContractEvent.END) in CONTRACT_MOVES and not begins,
        "drop": state is ContractState.DRAFT or (state is ContractState.SIGNED and begins),
    }
    return [name for name, is_offered in offered.items() if is_offered]


def _happenings(session: Session, events: Sequence[FirmEvent]) -> list[Happening]:
    names = accounts_of(session, [event.by for event in events])
    say = wording().say
    return [
        Happening(
            event.at,
            say(f"firms.event.{event.what}", who=names.get(event.by, event.by)),
            TONES.get(event.what, "plain"),
            tuple(_noted(name, value) for name, value in event.detail.items()),
        )
        for event in events
    ]


def _noted(name: str, value: object) -> str:
    say = wording().say
    if name == "kind":
        value = say(f"firms.kind.{value}")
    if name in MONEY:
        value = say("common.won", amount=f"{value:,}")
    if name in TRAITS:
        value = str(value).replace("True", say("common.yes")).replace("False", say("common.no"))
    if name == "products":
        value = re.sub(r"[a-z_]+", lambda found: _product(found[0]), str(value))
    return f"{say(f'firms.detail.{name}')}: {value}"


def _product(id: str) -> str:
    """The name of a kind of product; its id where the line has it no more."""
    line, _ = centre_line()
    return line.products[id].name if id in line.products else id
