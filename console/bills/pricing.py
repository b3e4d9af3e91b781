"""The prices of a centre on screen: every list with its days, and the form for a new one."""

from datetime import date
from functools import partial
from typing import Annotated, Final

from flask import render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.bills.room import blueprint, worded
from console.centre import centre_line
from console.doing import at_form, doing, done, read_or_again
from console.forms import Faults, faults_in
from console.office import office
from console.shell import SUPERVISING
from console.stories import accounts_of
from console.visitor import STAFF, allowed, visitor, wording
from ivr.billing.prices import LONGEST_REASON, Draft, price_history, publish_prices, published
from ivr.billing.refusing import BillRefused
from ivr.lines.centre import Percent, Prices, Won
from ivr.lines.hours import SEOUL

NAMES: Final = tuple(Prices.model_fields)
FIELD_OF: Final = {"price_gap_after": "until", "price_overlap": "until", "price_billed": "since", "no_reason": "reason"}
Count = Annotated[int, Field(ge=1, le=100_000)]


class NewPrices(BaseModel):
    """A list of prices as the form gives it."""

    since: date
    until: date | None = None
    reason: Annotated[str, Field(min_length=2, max_length=LONGEST_REASON)]
    band_calls: Count
    calls_per_agent_day: Count
    working_days: Annotated[int, Field(ge=1, le=31)]
    agent_per_year: Won
    firm_percent: Percent
    base_per_year: Won
    answer: Won
    minute: Won
    text: Won
    carriage_percent: Percent

    @property
    def draft(self) -> Draft:
        """The same as it is published."""
        prices = Prices.model_validate({name: getattr(self, name) for name in NAMES})
        return Draft(self.since, prices, self.reason, self.until)


@blueprint.get("/prices")
@allowed(*STAFF)
def prices() -> str:
    """Every list of prices, the one that holds now, and the form."""
    return _page()


@blueprint.post("/prices")
@allowed(*SUPERVISING)
def publish() -> Response:
    """Publish a list of prices from a day on."""
    form, (line, _) = read_or_again(NewPrices, _page), centre_line()
    with doing(at_form(_page, partial(_fault_of, form))) as session:
        row = publish_prices(session, line, form.draft, by=visitor().account_id, at=office().clock())
    said = wording().say("bills.published_now", version=row.version, since=row.since.isoformat())
    return done(said, url_for("bills.prices"))


def _fault_of(form: NewPrices, refused: Exception) -> Faults:
    rule = refused.rule if isinstance(refused, BillRefused) else ""
    return faults_in(form, {FIELD_OF.get(rule, "since"): worded(refused)})


def _page(*, faults: Faults | None = None) -> str:
    line, _ = centre_line()
    today = office().clock().astimezone(SEOUL).date()
    with office().store.reading() as session:
        history, rows = price_history(session, line), published(session, line.id)
        by = accounts_of(session, (row.made_by for row in rows))
    made = {row.version: row for row in rows}
    holds = max(
        (one for one in history.lists if one.since <= today), key=lambda one: one.since, default=history.lists[0]
    )
    return render_template(
        "bills/prices.html",
        history=history,
        made=made,
        by=by,
        names=NAMES,
        holds=holds,
        may_publish=visitor().may(*SUPERVISING),
        faults=faults,
    )
