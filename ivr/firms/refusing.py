"""Why something about a firm or its contracts is refused: by name, so that every page says it in its language."""

from collections.abc import Mapping
from typing import Final

from ivr.base import Refused

RULES: Final[Mapping[str, str]] = {
    "no_centre": "{line} is no shared centre: client firms need a line whose file has [centre]",
    "bad_id": "{id} is no id of a firm: two to 40 small letters, digits and hyphens, and neither new nor comparison",
    "known": "{id} is registered already: change its entry",
    "unknown": "there is no firm {id} in the register: `charterline firms list` shows them",
    "unknown_contract": "there is no contract {id}: `charterline firms show FIRM` shows those of a firm",
    "unknown_security": "there is no security {id} of this contract",
    "registration": "{number} is no business registration number: it has ten digits, and the last must fit the others",
    "registered": "the business registration number {number} is that of {id}: each firm has one entry",
    "no_products": "name at least one kind of product: may join {kinds}",
    "unknown_product": "{products} is no kind of product that may join: may join {kinds}",
    "excluded": "{name} may not join: {rules}",
    "future_day": "{day} has not come yet: give a day up to today",
    "selected_late": "the firm has a contract from {first_day} on: it was selected on that day or before",
    "review_early": "the firm was selected on {selected_on}: a review is of a later day",
    "before_support": "support begins with the selection on {selected_on}: let the contract begin then or later",
    "support_over": "support of {years} years ended on {last_day}: nothing is added after it",
    "review_needed": (
        "support of the first {years} years ends on {last_day}: {more} more years need a review, enter its day first"
    ),
    "support_shorter": "support ends on {last_day}, before the draft does: give the draft its first day again",
    "calls": "{calls} is no number of calls a month: give at least 0",
    "overlap": "from {first_day} to {last_day} the firm has contract {contract}: no two may overlap",
    "move": "contract {contract} is {state}: that cannot be done with it any more",
    "begun": "contract {contract} has begun on {first_day}: end it with its last day and the reason",
    "not_begun": "contract {contract} begins on {first_day}: drop it instead",
    "end_past": "{day} is over: a contract ends today or later",
    "end_after": "contract {contract} ends on {last_day} anyhow: give an earlier day",
    "no_reason": "say why, in two characters or more",
    "clauses": "without these clauses on personal data nothing is signed (PIPA art. 26): {clauses}",
    "unknown_clause": "{clause} is no clause on personal data: known are {clauses}",
    "published_early": "contract {contract} is not signed: its task is published once it is",
    "no_security": (
        "nothing stands behind the contract yet: a surety bond of at least {bond} won left by {bond_due}, "
        "or where no insurer bonds the firm a deposit of at least {deposit} won, due by {deposit_due}"
    ),
    "deposit_late": (
        "the deposit came on {received_on} and was due by {due_on}, {months} months before the contract begins: "
        "let it begin on {first_day} or later"
    ),
    "bond_late": "the bond came on {received_on} and is left before the contract begins on {due_on}",
    "bond_small": "the bond is for {amount} won: {months} months of the band of {calls} calls are {needed} won",
    "deposit_small": (
        "the deposit is {amount} won: {months} months of the band of {calls} calls, "
        "and at least {least} won, are {needed} won"
    ),
    "no_proof": "a deposit is taken only where an insurer refuses a bond: give the proof of the refusal",
    "no_number": "give the number of the bond",
    "amount": "{amount} is no amount: give won, more than 0",
    "not_due": "contract {contract} is {state}: it takes no security",
    "returned": "this security was returned on {returned_on}",
    "carried": "this security stands behind contract {contract} now",
    "still_needed": "contract {contract} lasts until {last_day}: its security is returned at the end",
    "no_statement": "the statement of {month}, the last month, is not made: the security is returned after it",
    "return_early": "the contract ended on {last_day}: the security is returned after that day",
    "not_carried": "only a deposit goes on to another contract of the same firm that is a draft",
}


class FirmRefused(Refused):
    """`rule` is a name of RULES, `values` are what its sentence says; str() is the sentence in English."""

    def __init__(self, rule: str, /, **values: str | int) -> None:
        self.rule, self.values = rule, values
        super().__init__(RULES[rule].format(**values))


def won(amount: int) -> str:
    """An amount as refusals write it: 3,000,000."""
    return f"{amount:,}"
