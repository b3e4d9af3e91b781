"""How a standard is measured, in a sentence for citizens: its measure, its parameters, and how time counts."""

from ivr.charters.limits import Limit
from ivr.charters.model import Standard
from ivr.charters.terms import Exemption
from ivr.messages.fields import Value
from ivr.reports.words import WITHIN, Words


def how_measured(standard: Standard, words: Words) -> str:
    """The sentences of a measured standard; empty for one that cannot be measured."""
    measure = standard.measure
    if measure is None:
        return ""
    parameters = {name: getattr(measure, name) for name in type(measure).model_fields if name != "name"}
    told = {name: _worded(name, value, words) for name, value in parameters.items() if value is not None}
    id = f"measures.{measure.name}"
    if "within" in told and words.has(id + WITHIN):
        id += WITHIN
    sentences = [words.say(id, **told)]
    if standard.basis is not None:
        sentences.append(words.name("bases", standard.basis))
    return " ".join(sentences)


def _worded(name: str, value: object, words: Words) -> Value:
    if isinstance(value, tuple):
        return ", ".join(words.name(f"values.{name}", one) for one in value) or words.say("values.none")
    if isinstance(value, Limit):
        return words.say(f"limits.{'immediate' if value.immediate else value.unit}", amount=value.amount)
    if isinstance(value, int):
        return f"{value:,}"
    return words.name(f"values.{name}", value) if words.has(f"values.{name}.{value}") else str(value)


def exempt_when(standard: Standard, exemptions: dict[Exemption, str]) -> tuple[str, ...]:
    """The exemptions of a standard in the words of its charter."""
    return tuple(exemptions[name] for name in standard.exemptions if name in exemptions)
