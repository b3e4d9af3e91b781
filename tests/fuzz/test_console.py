"""Whatever somebody signed in sends to the console: never an error, never a trace of a program."""

from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from tests.fuzz.console import Stage, attack_a_view
from tests.fuzz.strange import PERSON
from tests.fuzz.trying import try_often
from tests.log_lines import operators_log
from tests.sizes import examples


def test_a_view_of_the_console_answers_whatever_it_is_asked(postgresql_engine: Engine, tmp_path: Path) -> None:
    stage, failed = Stage.over(postgresql_engine, tmp_path), list[str]()
    with operators_log() as lines:
        for ordinal, (rule, method) in enumerate(stage.rules()):
            try:
                try_often(partial(attack_a_view, stage, rule, method), examples=examples(5) // 2, by_seed=ordinal)
            except AssertionError as error:
                failed.append(f"{error}: {lines.getvalue().rstrip().rpartition(chr(10))[2]}")
    assert failed == []
    assert PERSON[3:] not in lines.getvalue().replace("-", "")
    assert "page failed" not in lines.getvalue()
