"""In a real browser: a happy call from the file to the results, by two people; a questionnaire written by keys."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from commands.campaign_living import Diallers
from commands.campaign_tempers import Temper, person_of
from commands.world import Watchers, Worker, World
from config.clock import system_clock
from config.uploads import Uploads
from console.office import Office
from ivr.accounts.rows import Role
from ivr.lines.hours import SEOUL
from ivr.numbers import PhoneNumber
from ivr.store import Store
from tests.console.conftest import Served
from tests.console.errands import do_errands
from tests.console.people import Person, office_over
from tests.store_fixtures.databases import ON_SQLITE
from workers.dialler import Dialler
from workers.keeping import Keeper

Enter = Callable[..., Person]
Accessible = Callable[[Page], None]
LINE = "dcgf"
PEOPLE = 6
pytestmark = [ON_SQLITE, pytest.mark.browser]


class Hotline:
    """The whole product in virtual time from the present moment on, with a dialler."""

    def __init__(self, engine: Engine) -> None:
        self.crews: list[Diallers] = []
        start = system_clock().replace(microsecond=0)
        self.world = World(engine, seed=5, start=start, watchers=Watchers(crew=self._crew))

    def _crew(self, store: Store, keeper: Keeper) -> Diallers:
        dialler = Dialler(store, keeper.carrier, keeper.house, keeper.clock, keeper.ring_bell)
        self.crews.append(Diallers(Worker(store, keeper), dialler))
        return self.crews[-1]

    def dial(self, seconds: float) -> None:
        """Let diallers and people talk for so many seconds."""
        self.crews[0].begin(self.world.now())
        self.world.run_for(seconds)

    def everybody_answers(self, numbers: list[str]) -> None:
        """Everybody takes the call and answers all of it."""
        dice = Random(7)
        for number in numbers:
            plan = person_of(Temper.COMPLETES, self.world.surveys["happy-dcgf"], dice)
            self.world.carrier.network.handset(PhoneNumber.parse(number).e164).plan = plan


@pytest.fixture
def hotline(engine: Engine) -> Hotline:
    return Hotline(engine)


@pytest.fixture
def office(engine: Engine, hotline: Hotline, tmp_path_factory: pytest.TempPathFactory) -> Office:
    made = office_over(engine, hotline.world.now, uploads=Uploads(tmp_path_factory.mktemp("data")))  # type: ignore[arg-type]
    return made


def numbers() -> list[str]:
    return [f"010-2000-{ordinal:04}" for ordinal in range(1, PEOPLE + 1)]


def file() -> bytes:
    """People who agreed to be rung by day and by night, whatever the hour at which the tests run; one never did."""
    day = (system_clock().astimezone(SEOUL) - timedelta(days=20)).date()
    rows = [f"{number},홍길동,신규,해피콜,주야간,{day},서면,서류 {number[-1]},상담 신청서,v1" for number in numbers()]
    head = "전화번호,이름,구분,동의목적,시간대,동의일,동의방법,증빙,수집출처,동의문구"
    return "\n".join([head, *rows, "010-2000-0099,김철수,신규,,,,,,,", "12,잘못,,,,,,,,", ""]).encode("cp949")


@pytest.mark.usefixtures("installed")
def test_a_happy_call_from_the_file_to_the_results(
    hotline: Hotline, office: Office, enter: Enter, served: Served, accessible: Accessible
) -> None:
    maker, second = enter(Role.SUPERVISOR, line=LINE), enter(Role.SUPERVISOR, line=LINE, name="박승인")
    with agreeing(served, maker) as page, agreeing(served, second, width=390) as other:
        make_list(page, office, accessible)
        address = plan(page)
        page.get_by_role("button", name="점검하기").click()
        page.get_by_role("button", name="예행연습", exact=True).click()
        page.get_by_text("예행연습을").first.wait_for()
        [*_, rehearsal] = do_errands(office)
        assert rehearsal.state.value == "done", rehearsal.trouble
        page.get_by_role("heading", name="예행연습 결과").wait_for()
        page.get_by_role("heading", name="대상과 제외").wait_for()
        assert page.get_by_role("row", name="동의한 적 없음").count() == 1
        assert page.get_by_role("button", name="승인하기").is_disabled()
        accessible(page)

        other.goto(address)
        other.get_by_role("button", name="승인하기").click()
        other.get_by_text("승인했습니다.").wait_for()
        other.get_by_role("button", name="시작하기").click()
        other.locator("#errand progress").wait_for()
        do_errands(office)
        other.get_by_role("heading", name="진행 상황").wait_for()

        hotline.everybody_answers(numbers())
        hotline.dial(900)
        other.get_by_text(f"{PEOPLE} / {PEOPLE}").wait_for()
        accessible(other)
        other.get_by_role("link", name="결과 보기").click()
        other.get_by_text(f"응답 {PEOPLE}건").first.wait_for()
        accessible(other)


@contextmanager
def agreeing(served: Served, person: Person, *, width: int = 1280) -> Iterator[Page]:
    """A page of somebody who says yes to every question of the browser."""
    with served.page(person, width=width) as page:
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


def make_list(page: Page, office: Office, accessible: Accessible) -> None:
    """Send a file, look into it, make it a list, and see what became of its rows."""
    page.goto("/campaigns/audiences/send")
    page.get_by_label("파일").set_input_files({"name": "명단.csv", "mimeType": "text/csv", "buffer": file()})
    page.get_by_role("button", name="보내고 확인하기").click()
    page.get_by_text("010-****-0001").wait_for()
    accessible(page)
    page.get_by_role("button", name="명단 만들기").click()
    page.locator(".errand progress").wait_for()
    do_errands(office)
    page.get_by_role("heading", name="만든 결과").wait_for()
    accessible(page)


def plan(page: Page) -> str:
    """Plan a happy call for that list, at any hour of any day; its address."""
    page.get_by_role("link", name="캠페인 만들기").click()
    page.get_by_label("이름").fill("브라우저 해피콜")
    page.get_by_label("질문지").select_option("happy-dcgf")
    for day in ("월요일", "화요일", "수요일", "목요일", "금요일", "토요일", "일요일", "공휴일"):
        page.get_by_label(day).fill("00:00-24:00")
    page.get_by_role("button", name="저장").click()
    page.get_by_text("캠페인을 만들었습니다.").wait_for()
    return page.url


def test_a_questionnaire_is_written_and_heard(
    enter: Enter, served: Served, accessible: Accessible, hotline: Hotline
) -> None:
    del hotline
    with served.page(enter(Role.SUPERVISOR, line=LINE)) as page:
        page.goto("/campaigns/questionnaires")
        page.get_by_role("button", name="복사해서 고치기").first.click()
        page.get_by_text("복사했습니다.").wait_for()
        page.get_by_role("button", name="1번", exact=True).click()
        page.locator(".heard[data-say]", has_text="눌러").first.wait_for()
        page.get_by_role("button", name="5번", exact=True).click()
        page.locator(".pressed", has_text="매우 만족").wait_for()
        page.get_by_label("답하는 방법").select_option("comment")
        page.get_by_role("button", name="문항 더하기").click()
        page.get_by_role("heading", name="바라시는 점을 말씀해 주십시오.").wait_for()
        page.get_by_role("button", name="되돌리기").click()
        page.get_by_text("되돌렸습니다.").wait_for()
        assert page.get_by_role("heading", name="바라시는 점을 말씀해 주십시오.").count() == 0
        accessible(page)
