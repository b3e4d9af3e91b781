"""What a campaign was checked by: its kind's class and purposes, the price, and the firm's monthly calls, frozen."""

from typing import Annotated

from pydantic import Field

from ivr.campaigns.rows import Campaign
from ivr.consents.rows import Purpose
from ivr.lines.shapes import Shape


class Terms(Shape):
    """The terms that hold from the check on, whatever the files say later.

    `purposes` are all that somebody must have agreed to, the campaign's own first. `price` is won for one completed
    answer; `is_free` for a happy call (A22). `monthly_calls` is a firm's remaining-call limit (A18), which the calls
    of its customers use up; None where there is no limit.
    """

    survey_class: str
    purposes: Annotated[tuple[Purpose, ...], Field(min_length=1)]
    price: Annotated[int, Field(ge=0)] = 0
    is_free: bool = True
    monthly_calls: Annotated[int, Field(ge=0)] | None = None


# What terms were kept with once, and is nobody's business now.
_FORMER = frozenset({"dialled"})


def terms_of(campaign: Campaign) -> Terms:
    """The terms of a campaign; one that has not been checked yet asks for its own purpose alone, and is free."""
    if campaign.terms is None:
        return Terms(survey_class="", purposes=(campaign.purpose,))
    return Terms.model_validate({name: value for name, value in campaign.terms.items() if name not in _FORMER})
