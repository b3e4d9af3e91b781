"""The page of the API in a browser: it shows every operation, asks no other host, and breaks no rule of its own."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Playwright, expect
from sqlalchemy import Engine
from werkzeug.serving import make_server

from tests.http.board import Moment, board_over
from webhooks.app import create_app

pytestmark = pytest.mark.browser


@pytest.fixture
def address(sqlite_engine: Engine) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, create_app(board_over(sqlite_engine, Moment())), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_page_shows_every_operation_and_asks_no_other_host(
    address: str, playwright: Playwright, chromium_path: str
) -> None:
    asked: list[str] = []
    complaints: list[str] = []
    with playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"]) as browser:
        page = browser.new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}/api/docs")
        expect(page.locator(".opblock-summary-path").first).to_be_visible()
        shown = page.locator(".opblock-summary-path").all_inner_texts()
        page.locator(".opblock-summary").first.click()
        expect(page.locator(".opblock-body").first).to_be_visible()
    assert "/api/documents/{id}/missing" in {path.replace("\u200b", "") for path in shown}
    assert {url for url in asked if not url.startswith((address, "data:"))} == set()
    assert complaints == []
