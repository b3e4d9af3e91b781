"""The prices of a centre on screen: every list with its days, and the form for a new one."""

from datetime import date
from typing import Annotated, Final

from flask import flash, redirect, render_template, url_for
from pydantic import BaseModel, Field
from werkzeug.wrappers import Response

from console.bills.room import blueprint, worded
from console.centre import centre_line
from console.forms import Faults, read_form
from console.office import office
from console.shell import SUPERVISING
from console.stories import accounts_of
from console.visitor import STAFF, allowed, visitor, wording
from ivr.billing.prices import LONGEST_REASON, Draft, price_history, publish_prices, published
from ivr.billing.refusing import BillRefused
from ivr.lines.centre import Percent, Prices, Won
from ivr.lines.hours import SEOUL

Answer = Response | str | tuple[str, int]
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
def publish() -> Answer:
    """Publish a list of prices from a day on."""
    form, (line, _) = read_form(NewPrices), centre_line()
    if isinstance(form, Faults):
        return _page(form), 422
    try:
        with office().store.transaction() as session:
            row = publish_prices(session, line, form.draft, by=visitor().account_id, at=office().clock())
    except BillRefused as refused:
        typed = {name: str(value) for name, value in form.model_dump(mode="json", exclude_none=True).items()}
        return _page(Faults(typed, {FIELD_OF.get(refused.rule, "since"): worded(refused)})), 422
    flash(wording().say("bills.published_now", version=row.version, since=row.since.isoformat()), "good")
    return redirect(url_for("bills.prices"), 303)


def _page(faults: Faults | None = None) -> str:
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
