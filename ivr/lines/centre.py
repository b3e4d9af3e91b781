"""The rule of a shared call centre: who may join it, for how long, what it costs, and what is left as security."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from ivr.lines.shapes import Shape, Whole, with_ids

Won = Annotated[int, Field(ge=0, le=10_000_000_000)]
Percent = Annotated[int, Field(ge=0, le=100)]


class Exclusion(Shape):
    """Something for which a firm cannot join (A15); `rule` is the text of the rule, as it is told to the firm.

    `when` says what it looks at: a kind of product that is named, or a trait of the firm.
    """

    id: str
    name: Annotated[str, Field(min_length=1)]
    rule: Annotated[str, Field(min_length=1)]
    when: Literal["product", "not_manufacturer", "made_abroad", "of_group", "regulated"]


class Prices(Shape):
    """What a month costs, in won, before any support (A8 to A13, A19); a list of prices has these parts.

    A band is `band_calls` handled calls of a month, one that is begun counts whole. An agent handles
    `calls_per_agent_day` calls on each of `working_days` days of a month and costs `agent_per_year`, of which the firm
    bears `firm_percent`. `base_per_year` is the base fee. Each complete answer of a survey costs `answer`, a minute of
    talk that is begun `minute`, a text `text`; of the last two the centre bears `carriage_percent` (A13).
    """

    band_calls: Whole = 200
    calls_per_agent_day: Whole = 60
    working_days: Whole = 20
    agent_per_year: Won
    firm_percent: Percent = 30
    base_per_year: Won = 0
    answer: Won = 0
    minute: Won = 0
    text: Won = 0
    carriage_percent: Percent = 100


class FirstPrices(Prices):
    """The prices that hold before any other list was made, from a local day on."""

    since: datetime.date


class SecurityRule(Shape):
    """What a firm leaves before it begins (A16): so many `months` of its band as a bond, or as a deposit.

    A deposit is at least `least_deposit` won, due `due_months` before the beginning, and given back at the end.
    """

    months: Whole = 4
    least_deposit: Won = 3_000_000
    due_months: Annotated[int, Field(ge=0, le=12)] = 1


class Comparison(Shape):
    """The other way to run a call centre with which the document compares the cost of a year (A12), in won.

    At `calls_per_day` it takes `agents` and `supervisors`; a seat costs `seat_per_month`, lines and texts
    `carriage_per_month`.
    """

    calls_per_day: Whole = 100
    agents: Whole = 2
    supervisors: Whole = 1
    agent_per_year: Won
    supervisor_per_year: Won
    seat_per_month: Won
    carriage_per_month: Won


class StaffingRule(Shape):
    """How many agents are enough: `percent` of callers answered within `seconds` of the queue's entry.

    `patience` is how long callers wait in the mean before they give up, in seconds.
    """

    percent: Annotated[int, Field(ge=1, le=99)] = 80
    seconds: Whole = 20
    patience: Whole = 120


class CentreRule(Shape):
    """What makes a line a shared centre of client firms (A1 to A24).

    `menu` is what the customers of a firm hear, once it is known which firm it is. A contract is for `contract_months`
    (A16); a firm is supported for `first_years`, and after a review for `more_years` (A14).
    """

    menu: str = ""
    contract_months: Whole = 12
    first_years: Whole = 3
    more_years: Annotated[int, Field(ge=0, le=20)] = 2
    excluded: Annotated[Mapping[str, Exclusion], BeforeValidator(with_ids)] = {}
    prices: FirstPrices
    security: SecurityRule = SecurityRule()
    comparison: Comparison
    staffing: StaffingRule = StaffingRule()
