"""The form of a campaign: what is asked of whom and how, read into the plan of `ivr.campaigns.plan`."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from console.forms import Faults
from console.office import office
from console.told import told
from console.visitor import visitor, wording
from ivr.campaigns.drafting import Asked
from ivr.campaigns.lifecycle import LONGEST_NAME
from ivr.campaigns.plan import CallingHours, Plan, Retries, read_plan, written_plan
from ivr.faults import BadData

DAYS: Final = tuple(CallingHours.model_fields)
OUTCOMES: Final = tuple(Retries.model_fields)
LIMITS: Final = ("per_day", "rolling_day", "life", "across", "across_days")
SIMPLE: Final = ("starts_on", "ends_on", "cps", "concurrency", "cut_off", "price", "downgrade_reason", "held_by")
_NUMBERS: Final = frozenset({"cps", "concurrency", "cut_off", "price", "tries", "gap_minutes", *LIMITS})


def typed_of(plan: Plan, more: Mapping[str, object]) -> dict[str, str]:
    """The fields of the form as they stand in a plan."""
    document = written_plan(plan)
    typed = {name: _shown(document[name]) for name in SIMPLE}
    hours: Any = document["hours"]  # Any: as JSON has it, like the others below
    typed |= {f"hours.{day}": ", ".join(hours[day]) for day in DAYS}
    limits: Any = document["limits"]
    typed |= {f"limits.{name}": _shown(limits[name]) for name in LIMITS}
    retries: Any = document["retries"]
    typed |= {f"retries.{one}.{name}": _shown(retries[one][name]) for one in OUTCOMES for name in retries[one]}
    groups: Any = document["groups"]
    typed["groups"] = "\n".join(f"{group} = {number}" for group, number in groups.items())
    return typed | {name: _shown(value) for name, value in more.items()}


def read_asked() -> Asked | Faults:
    """The campaign that was asked for; every fault at its field, in the visitor's language."""
    typed = {name: value.strip() for name, value in request.form.items()}
    faults: dict[str, str] = {}
    say = wording().say
    if not 0 < len(typed.get("name", "")) <= LONGEST_NAME:
        faults["name"] = say("campaigns.fault.name", most=LONGEST_NAME)
    faults |= {name: say("forms.missing") for name in ("questionnaire", "audience") if not typed.get(name)}
    plan = _plan(typed, faults)
    if plan is None or faults:
        return Faults(typed, faults)
    audience = typed["audience"]
    return Asked(
        name=typed["name"],
        questionnaire=typed["questionnaire"],
        audience_id=int(audience) if audience.isdecimal() and len(audience) < 18 else 0,
        plan=plan,
        firm=typed.get("firm") or None,
    )


def firm_choices() -> list[tuple[str, str]]:
    """The client firms of the line, where it has any."""
    firms = office().lines.by_id(visitor().line.id).firms
    return [("", wording().say("campaigns.no_firm")), *((firm.id, firm.name) for firm in firms.values())]


def _plan(typed: Mapping[str, str], faults: dict[str, str]) -> Plan | None:
    document: dict[str, object] = {name: _value(name, typed[name]) for name in SIMPLE if typed.get(name)}
    document["hours"] = {day: _spans(typed.get(f"hours.{day}", "")) for day in DAYS}
    document["limits"] = {name: _value(name, text) for name in LIMITS if (text := typed.get(f"limits.{name}"))}
    document["retries"] = {one: retry for one in OUTCOMES if (retry := _retry(typed, one))}
    document["groups"] = _groups(typed.get("groups", ""), faults)
    try:
        return read_plan(document)
    except BadData as error:
        for fault in error.faults:
            faults.setdefault(_field_of(fault.key), told(fault.message))
        return None


def _retry(typed: Mapping[str, str], outcome: str) -> dict[str, object]:
    given = {name: typed.get(f"retries.{outcome}.{name}", "") for name in ("tries", "gap_minutes")}
    return {name: _value(name, text) for name, text in given.items() if text}


def _groups(text: str, faults: dict[str, str]) -> dict[str, object]:
    groups: dict[str, object] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        group, _, number = line.rpartition("=")
        if not group.strip() or not number.strip().isdecimal():
            faults["groups"] = wording().say("campaigns.fault.groups", line=line[:60])
            continue
        groups[group.strip()] = int(number)
    return groups


def _spans(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _value(name: str, text: str) -> object:
    """A number where the field is one and the text is too; the plan says what is wrong with anything else."""
    if name not in _NUMBERS:
        return text
    try:
        return float(text) if name == "cps" else int(text)
    except ValueError:
        return text


def _field_of(key: str) -> str:
    parts = key.split(".")
    if parts[0] == "hours":
        return ".".join(parts[:2])
    return "groups" if parts[0] == "groups" else ".".join(parts[:3])


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
