"""Measures how soon the main pages of a demo that runs show anything: `python -m tests.console.first_paint --help`."""

import json
from pathlib import Path
from statistics import median

import click
from playwright.sync_api import Browser, StorageState, sync_playwright

from tests.console.tour import AGENT, FLAGS, SUPERVISOR, Tour

TIMES = 5
CONSOLE = "http://127.0.0.1:8081"
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
# The ten main pages, each by whom it is for; the page of one call is the newest of the list.
PAGES = {
    "sign-in": ("", "/sign-in?line=kibo"),
    "desk": (AGENT, "/desk/"),
    "day": (AGENT, "/talk/"),
    "wall": (SUPERVISOR, "/wall/"),
    "calls": (SUPERVISOR, "/calls/"),
    "call": (SUPERVISOR, ""),
    "charter": (SUPERVISOR, "/charter/"),
    "cases": (SUPERVISOR, "/cases/"),
    "campaigns": (SUPERVISOR, "/campaigns"),
    "menu-map": (SUPERVISOR, "/lines/"),
}


def painted_after(browser: Browser, address: str, kept: StorageState | None) -> float:
    """Milliseconds from the click to the first content, with nothing kept by the browser but who is signed in."""
    context = browser.new_context(storage_state=kept, locale="ko-KR", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(address, wait_until="load")
    page.wait_for_function(f"() => {PAINTED}")
    found = float(page.evaluate(PAINTED))
    context.close()
    return found


@click.command()
@click.option("--console", "console_url", default=CONSOLE, show_default=True, help="Address of the demo.")
@click.option("--chromium", default="/usr/bin/chromium", show_default=True, help="The browser.")
def main(console_url: str, chromium: str) -> None:
    """First content of the ten main pages: median and longest of five loads with an empty cache, as JSON lines."""
    with sync_playwright() as playwright, playwright.chromium.launch(executable_path=chromium, args=FLAGS) as browser:
        tour, kept = Tour(browser, console_url, "", Path()), {}
        with tour.entered(AGENT) as page:
            kept[AGENT] = page.context.storage_state()
        with tour.entered(SUPERVISOR) as page:
            kept[SUPERVISOR] = page.context.storage_state()
            page.goto("/calls/")
            call = page.locator(".row-link").first.get_attribute("href") or ""
        for name, (account, address) in PAGES.items():
            loads = [painted_after(browser, console_url + (address or call), kept.get(account)) for _ in range(TIMES)]
            click.echo(json.dumps({"page": name, "median_ms": round(median(loads)), "longest_ms": round(max(loads))}))


if __name__ == "__main__":
    main()
