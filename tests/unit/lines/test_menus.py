"""What menus say and what keys do, on every delivered line and by rule."""

from ivr.lines.actions import Back, Repeat, ToCallback, ToMenu, ToQueue
from ivr.lines.menus import closed_menus, parent, person, present, press
from ivr.lines.model import Line, Lines
from ivr.messages.texts import Texts


def test_key_1_leads_straight_to_a_queue_on_every_line(lines: Lines) -> None:
    assert len(lines) == 5
    for line in lines:
        assert isinstance(press(line, line.start, "1"), ToQueue), line.id


def test_0_is_a_person_and_pound_and_star_go_back_and_repeat_on_every_menu(lines: Lines) -> None:
    for line in lines:
        for menu_id in line.menus:
            wanted = ToCallback if menu_id in closed_menus(line) else ToQueue
            assert isinstance(press(line, menu_id, "0"), wanted), (line.id, menu_id)
            assert press(line, menu_id, "#") == Back()
            assert press(line, menu_id, "*") == Repeat()


def test_a_wrong_key_leads_nowhere(kibo: Line) -> None:
    assert press(kibo, "main", "7") is None
    assert press(kibo, "main", "12") is None


def test_back_leads_to_the_menu_above_and_stays_at_the_top(lines: Lines) -> None:
    centre = lines.by_id("ascentre")
    assert parent(centre, "digital") == "products"
    assert parent(centre, "products") == "main"
    assert parent(centre, "main") == "main"
    assert parent(centre, "closed") == "closed"


def test_a_menu_is_spoken_with_particles_and_the_shared_keys(kibo: Line, texts: Texts) -> None:
    assert present(kibo, "technology", texts).text == (
        "기술평가는 1번, 벤처와 이노비즈 인증은 2번, "
        "상담원 연결은 0번, 이전 메뉴는 샵, 다시 듣기는 별표를 눌러 주십시오."
    )


def test_the_top_menu_does_not_offer_to_go_back(kibo: Line, texts: Texts) -> None:
    assert "이전 메뉴" not in present(kibo, "main", texts).text


def test_the_english_branch_is_spoken_in_english(kibo: Line, texts: Texts) -> None:
    assert press(kibo, "main", "9") == ToMenu("english")
    spoken = present(kibo, "english", texts)
    assert spoken.language == "en-US"
    assert spoken.text.isascii()
    assert kibo.voice_of(spoken.language) != kibo.voice
    assert present(kibo, "main", texts).text.endswith("For English, press 9.")


def test_the_person_of_a_menu_is_its_own_team_with_its_skill(kibo: Line) -> None:
    assert person(kibo, "main") == ToQueue("guide")
    assert person(kibo, "english") == ToQueue("guide", "english")
    assert person(kibo, "opinion") == ToQueue("opinion")
    assert person(kibo, "closed") == ToCallback("guide")


def test_lines_are_found_by_public_number_and_by_every_incoming_number(lines: Lines) -> None:
    for line in lines:
        assert all(lines.by_number(number) is line for number in (line.number, *line.numbers))
    assert lines.by_number("+8215449999") is None
    found = lines.by_number("+8215441120")
    assert found is not None
    assert found.institution == "기술보증기금"
