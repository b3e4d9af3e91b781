"""`charterline firms`: commands that change the register, which are entering, changing, and the review."""

from datetime import datetime
from typing import Final

import click

from commands.centre import LINE
from commands.firms_acting import BY, DAY, day_of, working
from ivr.firms.eligibility import Declared
from ivr.firms.registering import Registration, change, declared_by, enter_review, firm_of, register

PRODUCTS = click.option("--product", "products", multiple=True, help="A kind of the line's [products]; several times.")


@click.command("register")
@click.argument("firm_id")
@click.option("--name", required=True, help="Its name.")
@click.option("--registration", "number", required=True, help="Its business registration number, 123-45-67891.")
@PRODUCTS
@click.option("--selected-on", type=DAY, help="The day of its selection, from which the years count; today without it.")
@click.option("--contact", help="Whom to ask there; kept sealed.")
@click.option("--no-manufacturer", is_flag=True, help="Manufacturing is not among what it registered.")
@click.option("--made-abroad", is_flag=True, help="It has its products made abroad (OEM, ODM).")
@click.option("--of-group", is_flag=True, help="It belongs to a large company.")
@click.option("--regulated", is_flag=True, help="It is regulated for bad credit.")
@LINE
@BY
def register_firm(
    firm_id: str, selected_on: datetime | None, products: tuple[str, ...], by: str, **told: str | bool | None
) -> None:
    """Enter FIRM_ID in the register; one that may not join is refused with the text of the rule."""
    declared = Declared(
        products=products,
        is_manufacturer=not told["no_manufacturer"],
        is_made_here=not told["made_abroad"],
        is_of_group=bool(told["of_group"]),
        is_regulated=bool(told["regulated"]),
    )
    contact = str(told["contact"]) if told["contact"] else None
    with working(_line(told), by) as work:
        on = day_of(selected_on, work)
        register(work, firm_id, Registration(str(told["name"]), str(told["number"]), declared, on, contact))
    click.echo(f"{firm_id} is in the register")


@click.command("change")
@click.argument("firm_id")
@click.option("--name", help="Its name.")
@click.option("--registration", "number", help="Its business registration number.")
@PRODUCTS
@click.option("--selected-on", type=DAY, help="The day of its selection.")
@click.option("--contact", help="Whom to ask there.")
@click.option("--manufacturer/--no-manufacturer", "is_manufacturer", default=None, help="What it registered.")
@click.option("--made-here/--made-abroad", "is_made_here", default=None, help="Where its products are made.")
@click.option("--of-group/--not-of-group", "is_of_group", default=None, help="Whether it belongs to a large company.")
@click.option("--regulated/--not-regulated", "is_regulated", default=None, help="Whether its credit is regulated.")
@LINE
@BY
def change_firm(
    firm_id: str, selected_on: datetime | None, products: tuple[str, ...], by: str, **told: str | bool | None
) -> None:
    """Put the entry of FIRM_ID right: only what is given changes."""
    with working(_line(told), by) as work:
        entry = firm_of(work.session, work.line.id, firm_id)
        declared = _declared(declared_by(entry), products, told)
        registration = Registration(
            name=str(told["name"] or entry.name),
            number=str(told["number"] or entry.registration),
            declared=declared,
            selected_on=selected_on.date() if selected_on else entry.selected_on,
            contact=None if told["contact"] is None else str(told["contact"]),
        )
        change(work, firm_id, registration)
    click.echo(f"{firm_id} is changed")


@click.command("review")
@click.argument("firm_id")
@click.option("--on", type=DAY, help="The day of the review; today without it.")
@LINE
@BY
def review_firm(firm_id: str, on: datetime | None, line_id: str | None, by: str) -> None:
    """Note that FIRM_ID was reviewed, which allows the years after the first ones."""
    with working(line_id, by) as work:
        enter_review(work, firm_id, day_of(on, work))
    click.echo(f"{firm_id} is reviewed")


ENTRY_COMMANDS: Final = (register_firm, change_firm, review_firm)


def _declared(known: Declared, products: tuple[str, ...], told: dict[str, str | bool | None]) -> Declared:
    """What is declared now: what was told, else what is known."""

    return Declared(
        products=products or known.products,
        is_manufacturer=_trait(told["is_manufacturer"], known.is_manufacturer),
        is_made_here=_trait(told["is_made_here"], known.is_made_here),
        is_of_group=_trait(told["is_of_group"], known.is_of_group),
        is_regulated=_trait(told["is_regulated"], known.is_regulated),
    )


def _trait(told: str | bool | None, known: bool) -> bool:
    return known if told is None else bool(told)


def _line(told: dict[str, str | bool | None]) -> str | None:
    return str(told["line_id"]) if told["line_id"] else None
