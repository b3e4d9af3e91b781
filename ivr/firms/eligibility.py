"""Who may join a centre: makers of one of its kinds of products, in Korea, on their own, in good standing (A15)."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.firms.refusing import FirmRefused
from ivr.lines.centre import CentreRule, Exclusion
from ivr.lines.model import Line


@dataclass(frozen=True, slots=True)
class Declared:
    """What a firm declares of itself; `products` are kinds of the line, or what the rule excludes, by id."""

    products: tuple[str, ...]
    is_manufacturer: bool = True
    is_made_here: bool = True
    is_of_group: bool = False
    is_regulated: bool = False


def exclusions_of(rule: CentreRule, declared: Declared) -> tuple[Exclusion, ...]:
    """Every exclusion of the rule that a firm falls under, by its products and by its traits."""
    return tuple(_excluded(rule, declared))


def refuse_ineligible(line: Line, rule: CentreRule, declared: Declared) -> None:
    """Raise `FirmRefused` with the texts of the rule (A15) for a firm that may not join, or has no known products."""
    refuse_products(line, rule, declared)
    _refuse(exclusions_of(rule, declared))


def refuse_products(line: Line, rule: CentreRule, declared: Declared) -> None:
    """Raise `FirmRefused` for products that are excluded, unknown, or not there at all, whatever the firm's traits."""
    kinds = ", ".join(f"{product.id} ({product.name})" for product in line.products.values())
    if not declared.products:
        raise FirmRefused("no_products", kinds=kinds)
    _refuse(tuple(one for one in exclusions_of(rule, declared) if one.when == "product"))
    unknown = [product for product in declared.products if product not in line.products]
    if unknown:
        raise FirmRefused("unknown_product", products=", ".join(unknown), kinds=kinds)


def _refuse(excluded: tuple[Exclusion, ...]) -> None:
    if excluded:
        rules = dict.fromkeys(one.rule for one in excluded)
        raise FirmRefused("excluded", name=", ".join(one.name for one in excluded), rules=" / ".join(rules))


def _excluded(rule: CentreRule, declared: Declared) -> Iterator[Exclusion]:
    traits = {
        "not_manufacturer": not declared.is_manufacturer,
        "made_abroad": not declared.is_made_here,
        "of_group": declared.is_of_group,
        "regulated": declared.is_regulated,
    }
    for one in rule.excluded.values():
        if one.id in declared.products if one.when == "product" else traits[one.when]:
            yield one
