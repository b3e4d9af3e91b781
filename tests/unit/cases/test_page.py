"""The page about cases says what the charters say."""

from commands.case_table import BEGIN, CASES_PAGE, END, case_table


def test_the_table_of_due_dates_is_what_the_charters_say() -> None:
    page = CASES_PAGE.read_text(encoding="utf-8")
    assert page.split(BEGIN)[1].split(END)[0] == case_table(), "run: charterline docs cases"
