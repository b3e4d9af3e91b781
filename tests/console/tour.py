"""Takes the pictures of docs/tour.md anew, of a demo that runs: `python -m tests.console.tour --help`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.console.tour_life import CALLERS, LINE, Phones, launch_a_happy_call, let_people_call

DOCS = Path(__file__).resolve().parents[2] / "docs" / "images" / "tour"
COLOURS = 128
HEIGHT = 900
TALL = 1400
AGENT, SUPERVISOR, SECOND = "kibo-3", "kibo-lead", "daejeon-second"
CENTRE_AGENT, FIRM, FIRM_NUMBER = "as-1", "hanbit", "070-1000-0043"
LINES = {"d": "dcgf", "k": "kibo", "a": "ascentre", "h": "ascentre"}
FLAGS = ("--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@dataclass(frozen=True)
class View:
    """How a page is looked at: in words of one language, a contrast, a width."""

    name: str
    width: int = 1280
    theme: str = "light"
    language: str = "ko"


VIEWS = (View("light"), View("contrast", theme="contrast"), View("phone", width=390), View("english", language="en"))
# Names of pictures and the pages of KIBO's line that a supervisor finds in the menu.
PAGES = {
    "wall": "/wall/",
    "calls": "/calls/",
    "charter": "/charter/",
    "callbacks": "/callbacks/",
    "cases": "/cases/",
    "messages": "/messages/",
    "campaigns": "/campaigns",
    "consents": "/consents",
    "courtesy": "/courtesy/",
    "directory": "/directory",
    "menu-map": "/lines/",
    "system": "/system",
}
# The pages of the shared centre, as who leads it sees them, and those of one of its firms.
CENTRE_PAGES = {
    "firms": "/firms",
    "firm-contract": "/firms/hanbit",
    "comparison": "/firms/comparison",
    "bills": "/bills",
    "knowledge": "/knowledge",
    "repairs": "/repairs/",
    "intake": "/intake",
    "staffing": "/staffing",
}
FIRM_PAGES = {"own-firm": "/firm/", "own-calls": "/firm/calls", "own-bills": "/firm/bills"}


@dataclass
class Tour:
    """A demo that runs, the browser, and where the pictures go."""

    browser: Browser
    console_url: str
    carrier_url: str
    folder: Path

    @contextmanager
    def entered(self, account: str) -> Iterator[Page]:
        """A page of somebody of the demo, who says yes to every question."""
        line = LINES[account[0]]
        context = self.browser.new_context(
            base_url=self.console_url,
            locale="ko-KR",
            timezone_id="Asia/Seoul",
            viewport={"width": 1280, "height": HEIGHT},
        )
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.on("console", lambda told: _tell(page, told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: _tell(page, str(error)))
        page.goto(f"/sign-in?line={line}")
        page.locator(f'button[value="{account}"]').click()
        page.wait_for_url(lambda address: "sign-in" not in address)
        yield page
        context.close()

    def take(self, page: Page, name: str) -> None:
        """The page in every view; a page that is in the middle of something keeps it."""
        for view in VIEWS:
            look(page, view)
            page.wait_for_timeout(700)
            self.shoot(page, f"{name}.{view.name}")
        look(page, VIEWS[0])

    def shoot(self, page: Page, name: str) -> None:
        """The whole page, in a window that is as tall as it."""
        size = page.viewport_size or {"width": 1280, "height": HEIGHT}
        tall = int(page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": size["width"], "height": max(HEIGHT, tall)})
        page.screenshot(path=self.folder / f"{name}.png", full_page=True)
        page.set_viewport_size(size)

    def take_plain(self, page: Page, name: str) -> None:
        """A page that has no views of its own, wide and on a phone."""
        for view in (VIEWS[0], VIEWS[2]):
            page.set_viewport_size({"width": view.width, "height": HEIGHT})
            page.wait_for_timeout(300)
            self.shoot(page, f"{name}.{view.name}")


def look(page: Page, view: View) -> None:
    """See the page in this view; the language is the account's, so that the page is loaded anew for it."""
    page.set_viewport_size({"width": view.width, "height": HEIGHT})
    if page.evaluate("document.documentElement.lang") != view.language:
        with page.expect_navigation():
            page.evaluate("document.querySelector('button[name=language]').click()")
    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", view.theme)


def _tell(page: Page, fault: str) -> None:
    click.echo(f"{page.url}: {fault}", err=True)


def sign_in_page(tour: Tour) -> None:
    """What strangers see."""
    page = tour.browser.new_page(base_url=tour.console_url, locale="ko-KR")
    page.goto("/sign-in?line=kibo")
    tour.take(page, "sign-in")
    page.close()


def supervising(tour: Tour) -> None:
    """Every page of the menu, and the call that was answered too late."""
    with tour.entered(SUPERVISOR) as page:
        for name, address in PAGES.items():
            page.goto(address)
            tour.take(page, name)
        page.goto("/calls/")
        page.locator(".row-link").nth(3).click()
        page.wait_for_load_state()
        tour.take(page, "call")


def centring(tour: Tour) -> None:
    """The shared centre with its firms, and what one of them sees of itself."""
    for account, pages in {"as-lead": CENTRE_PAGES, FIRM: FIRM_PAGES}.items():
        with tour.entered(account) as page:
            for name, address in pages.items():
                page.goto(address)
                tour.take(page, name)


def campaigning(tour: Tour) -> None:
    """A happy call from the list to the launch, and while it runs."""
    with tour.entered("daejeon-lead") as maker, tour.entered(SECOND) as second:
        address = launch_a_happy_call(maker, second)
        second.wait_for_timeout(40_000)
        tour.take(second, "campaign")
        maker.goto(f"{address}/results")
        tour.take(maker, "results")


def at_the_desk(tour: Tour, phones: Phones) -> None:
    """A ring, a talk with its tools, the wrap-up and the agent's own day; and the caller's telephone."""
    with tour.entered(AGENT) as desk:
        _sit_down(desk)
        tour.take(desk, "desk")
        phone = _telephone(tour, LINE)
        _dial(phone)
        desk.locator("#live[data-phase=ringing]").wait_for(timeout=60_000)
        desk.wait_for_timeout(3_000)
        _take_ring(tour, desk, "desk-ring")
        _answer(desk)
        desk.wait_for_timeout(4_000)
        _write(desk)
        tour.take(desk, "desk-talk")
        tour.take_plain(phone, "telephone")
        phones.hang_up(CALLERS[0])
        desk.locator("#live:not([data-phase=talking]):not([data-phase=ending])").wait_for(timeout=60_000)
        tour.take(desk, "desk-wrap")
        desk.goto("/talk/")
        tour.take(desk, "day")


def at_the_desk_of_a_firm(tour: Tour, phones: Phones) -> None:
    """A caller of a firm's number reaches the group of its product in its name; afterwards the firm sees the call."""
    with tour.entered(CENTRE_AGENT) as desk:
        _sit_down(desk)
        phone = _telephone(tour, FIRM_NUMBER)
        _dial(phone)
        desk.locator("#live[data-phase=ringing]").wait_for(timeout=60_000)
        _take_ring(tour, desk, "desk-firm")
        _answer(desk)
        desk.wait_for_timeout(4_000)
        tour.take_plain(desk, "desk-firm-talk")
        phones.hang_up(CALLERS[0])
        desk.locator("#live:not([data-phase=talking]):not([data-phase=ending])").wait_for(timeout=60_000)
    with tour.entered(FIRM) as page:
        page.goto("/firm/calls")
        page.locator(".row-link").first.click()
        page.wait_for_load_state()
        tour.take(page, "own-call")


def _sit_down(desk: Page) -> None:
    desk.goto("/desk/")
    desk.locator("#act-come, #act-leave").first.wait_for()
    if desk.locator("#act-come").count():
        desk.locator("#act-come").click()
        desk.locator("#act-come").wait_for(state="detached")


def _take_ring(tour: Tour, desk: Page, name: str) -> None:
    """Without loading it anew: a ring is over soon, on a slow machine before all pictures are taken."""
    for view in VIEWS[:3]:
        if not desk.locator("#live[data-phase=ringing]").count():
            break
        look(desk, view)
        desk.wait_for_timeout(200)
        tour.shoot(desk, f"{name}.{view.name}")
    look(desk, VIEWS[0])


def _answer(desk: Page) -> None:
    """Take the call; who has missed the ring sits down again, and is rung anew while the caller waits."""
    if not desk.locator("#live[data-phase=ringing]").count():
        _sit_down(desk)
        desk.locator("#live[data-phase=ringing]").wait_for(timeout=60_000)
    desk.keyboard.press("Enter")
    desk.locator("#live[data-phase=talking]").wait_for(timeout=60_000)


def _telephone(tour: Tour, number: str) -> Page:
    phone = tour.browser.new_page(locale="ko-KR", viewport={"width": 1280, "height": HEIGHT})
    phone.goto(f"{tour.carrier_url}/?number={CALLERS[0]}&to={number.replace('-', '')}")
    return phone


def _dial(phone: Page) -> None:
    caller = phone.get_by_role("region", name=CALLERS[0])
    caller.get_by_role("button", name="걸기", exact=True).click()
    caller.locator(".gather").wait_for(timeout=60_000)
    caller.get_by_role("button", name="1", exact=True).click()


def _write(desk: Page) -> None:
    """A memo, a callback and a search for a colleague, as an agent in a talk does."""
    desk.locator(".talk-memo textarea").fill("보증 기한 연장 문의. 사업자등록증명과 재무제표를 안내함.")
    desk.locator("#tab-callback").click()
    desk.locator("#cb_name").fill("홍길동")
    desk.locator("#cb_content").fill("서류가 준비되면 다시 안내")
    desk.locator("#panel-callback .form-acts button").click()
    desk.locator(".talk-made li").first.wait_for()
    desk.locator("#tab-case").click()
    desk.locator("#case_content").fill("담당자마다 안내한 서류가 달라 두 번 방문했습니다.")
    desk.locator("#panel-case .form-acts button").click()
    desk.wait_for_timeout(1_000)
    desk.locator("#tab-transfer").click()
    desk.locator(".talk-panel input[type=search]").fill("기한")
    desk.wait_for_timeout(1_500)


def keep(folder: Path) -> None:
    """Put the pictures that docs/tour.md shows there: cut to a screen, in few colours, so that they stay small."""
    text = (DOCS.parents[1] / "tour.md").read_text(encoding="utf-8")
    shown = {name for name in re.findall(r"images/tour/([a-z-]+)\.png", text)}
    for name in sorted(shown):
        page, _, view = name.rpartition("-")
        taken = folder / (f"{page}.{view}.png" if view in {one.name for one in VIEWS} else f"{name}.light.png")
        with Image.open(taken) as picture:
            cut = picture.crop((0, 0, picture.width, min(picture.height, TALL)))
            cut.convert("RGB").quantize(COLOURS).save(DOCS / f"{name}.png", optimize=True)
    for path in DOCS.glob("*.png"):
        if path.stem not in shown:
            path.unlink()


PARTS = {
    "calls": lambda tour: let_people_call(Phones(tour.carrier_url)),
    "campaign": campaigning,
    "desk": lambda tour: at_the_desk(tour, Phones(tour.carrier_url)),
    "sign-in": sign_in_page,
    "pages": supervising,
    "firm-desk": lambda tour: at_the_desk_of_a_firm(tour, Phones(tour.carrier_url)),
    "centre": centring,
}


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--console", "console_url", default="http://127.0.0.1:8081", show_default=True, help="Address of the demo."
)
@click.option("--carrier", "carrier_url", default="http://127.0.0.1:8082", show_default=True, help="Its carrier.")
@click.option("--chromium", default="/usr/bin/chromium", show_default=True, help="The browser.")
@click.option("--only", "parts", multiple=True, type=click.Choice(list(PARTS)), help="Only this; again for more.")
@click.option("--docs", "is_for_docs", is_flag=True, help="Also put what docs/tour.md shows into docs/images/tour.")
def main(
    folder: Path, console_url: str, carrier_url: str, chromium: str, parts: tuple[str, ...], is_for_docs: bool
) -> None:
    """Let a demo that runs live a little, and take every main page into FOLDER.

    Each is taken plain, in high contrast, on a phone and in English; the errors of the browser go to stderr.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        tour = Tour(browser, console_url, carrier_url, folder)
        for name in parts or PARTS:
            PARTS[name](tour)
            click.echo(name)
    if is_for_docs:
        keep(folder)


if __name__ == "__main__":
    main()
