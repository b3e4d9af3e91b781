"""Menus that no file has: they are made of a centre's groups, products and firms, to find a firm or a group."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from ivr.lines.actions import FIND, Entry, ToFirm, ToMenu, ToQueue
from ivr.lines.firms import Firm, Product
from ivr.lines.model import Line, Menu

PAGE = 8
MORE_KEY = "9"
_GROUP, _PRODUCT, _ASK = "find.group.", "find.product.", "ask."
_NO_MENUS: Mapping[str, Menu] = {}


@lru_cache(maxsize=256)
def all_menus(line: Line) -> Mapping[str, Menu]:
    """Every menu of a line by its id: those of its file, and those that are made of its firms.

    `find.all` has the groups, `find.group.TEAM` the products of one, `find.product.KIND` the firms that make it, and
    `ask.FIRM.SKILL` the products of one firm. More than eight entries go on in a menu of the same name with a number.
    """
    made = _made(line) if line.firms else _NO_MENUS
    return {**made, **line.menus}


def menu_of(line: Line, menu_id: str) -> Menu:
    """One menu; raises KeyError for one that is not there."""
    return all_menus(line)[menu_id]


def is_more(menu: Menu, key: str) -> bool:
    """Whether a key of a made menu leads to the rest of its entries, and has no label of its own."""
    return key == MORE_KEY and key in menu.keys and not menu.keys[key].label


def asks_product(firm: Firm, skill: str | None) -> str:
    """The menu that asks a firm's customer for the product."""
    return f"{_ASK}{firm.id}.{skill or ''}"


def _made(line: Line) -> dict[str, Menu]:
    makers = _makers(line)
    menus = {menu.id: menu for menu in _finding(line, makers)}
    for firm in line.firms.values():
        if len(line.groups_of(firm)) > 1:
            for skill in sorted({skill for team in line.teams.values() for skill in team.skills} | {""}):
                menus |= {menu.id: menu for menu in _asking(line, firm, skill)}
    return menus


def _makers(line: Line) -> dict[str, list[Firm]]:
    """The firms that make each kind of product, in the order of the kinds; kinds that nobody makes are left out."""
    found = {kind: [firm for firm in line.firms.values() if kind in firm.products] for kind in line.products}
    return {kind: firms for kind, firms in found.items() if firms}


def _finding(line: Line, makers: Mapping[str, Sequence[Firm]]) -> Iterator[Menu]:
    groups: dict[str, list[Product]] = {}
    for kind in makers:
        product = line.products[kind]
        groups.setdefault(product.team or line.team, []).append(product)
    named = [(line.teams[team], products) for team, products in groups.items() if team in line.teams]
    yield from _pages(FIND, [Entry(team.goods or team.name, ToMenu(_GROUP + team.id)) for team, _ in named])
    for team, products in named:
        entries = [_of_product(product, makers[product.id]) for product in products]
        yield from _pages(_GROUP + team.id, entries, team=team.id)
        for product in products:
            if len(makers[product.id]) > 1:
                firms = [
                    Entry(firm.spoken_name, ToFirm(firm.id, product.id), None, product.id)
                    for firm in makers[product.id]
                ]
                yield from _pages(_PRODUCT + product.id, firms, team=team.id)


def _of_product(product: Product, makers: Sequence[Firm]) -> Entry:
    """A kind that one firm makes leads to it at once, and says its name beside the kind's."""
    if len(makers) > 1:
        return Entry(product.spoken_name, ToMenu(_PRODUCT + product.id), None, product.id)
    only = makers[0]
    return Entry(f"{product.spoken_name} {only.spoken_name}", ToFirm(only.id, product.id), None, product.id)


def _asking(line: Line, firm: Firm, skill: str) -> Iterator[Menu]:
    entries = [
        Entry(line.products[kind].spoken_name, ToQueue(line.group_of(firm, kind), skill or None), None, kind)
        for kind in firm.products
        if kind in line.products
    ]
    yield from _pages(asks_product(firm, skill), entries)


def _pages(id: str, entries: Sequence[Entry], *, team: str | None = None) -> Iterator[Menu]:
    """The entries on keys 1 to 8 of as many menus as it takes; 9 leads on."""
    for first in range(0, len(entries), PAGE):
        keys = {str(place): entry for place, entry in enumerate(entries[first : first + PAGE], start=1)}
        if first + PAGE < len(entries):
            keys[MORE_KEY] = Entry("", ToMenu(_page(id, first + PAGE)))
        yield Menu.model_construct(id=_page(id, first), keys=keys, team=team)


def _page(id: str, first: int) -> str:
    return f"{id}.{first // PAGE + 1}" if first else id
