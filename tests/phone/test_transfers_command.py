"""`charterline calls transfer`, `complete`, `cancel` as an agent's supervisor types them, in a call that goes on."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from config.settings import new_secret_keys
from ivr.transfers.rows import TransferOutcome
from tests.phone.passing import Passed, in_talk
from tests.phone.scene import Scene

Run = Callable[..., Result]


@pytest.fixture
def passed(scene: Scene) -> Passed:
    """A talk with the first of two agents."""
    return in_talk(scene)


@pytest.fixture
def run(passed: Passed, command_line: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command over the database of the scene."""
    settings = {
        "DATABASE_URL": passed.scene.world.store.engine.url.render_as_string(hide_password=False),
        "DATA_DIR": str(tmp_path / "data"),
        "TWILIO_AUTH_TOKEN": "a token of the tests",
        "SECRET_KEYS": new_secret_keys(bytes(range(64))),
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"CHARTERLINE_{name}", value)
    # The command's clock is the world's.
    monkeypatch.setattr("commands.transfers.system_clock", passed.scene.world.now)

    def invoke(*words: str) -> Result:
        result = command_line("calls", *words)
        passed.scene.world.worker.ring()
        passed.scene.world.run_for(0)
        return result

    return invoke


def test_a_blind_transfer_is_ordered_and_carried_out(passed: Passed, run: Run) -> None:
    ordered = run("transfer", passed.id, "--to", passed.second, "--json")
    assert ordered.exit_code == 0, ordered.output
    assert json.loads(ordered.stdout) == {
        "transfer": f"{passed.id}-t1",
        "manner": "blind",
        "to": passed.second,
        "state": "passing",
    }
    passed.meets(2)
    assert passed.outcome is TransferOutcome.COMPLETED
    shown = run("show", passed.id)
    assert f"blind transfer to {passed.second}, completed" in shown.output
    assert "heard to its end" in shown.output


def test_a_consultation_is_asked_cancelled_asked_again_and_completed(passed: Passed, run: Run) -> None:
    assert run("transfer", passed.id, "--to", passed.second, "--manner", "consult").exit_code == 0
    passed.consults()
    assert run("cancel", passed.id).exit_code == 0
    passed.scene.until(lambda: passed.together(1), step=0.2)
    passed.scene.world.run_for(5)
    assert run("transfer", passed.id, "--to", passed.second, "--manner", "consult").exit_code == 0
    passed.scene.until(lambda: passed.state.value == "consulting", step=0.2)
    passed.scene.world.run_for(3)
    assert run("complete", passed.id).exit_code == 0
    passed.meets(3)
    assert [transfer.outcome for transfer in passed.transfers] == ["cancelled", "completed"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("transfer", "c-none", "--to", "kibo-2"), "there is no such call"),
        (("transfer", "{call}", "--to", "kibo-9"), "there is no such agent"),
        (("complete", "{call}"), "has not accepted a consultation"),
        (("cancel", "{call}"), "no consultation is under way"),
    ],
)
def test_a_refusal_names_the_call_and_what_to_do_and_exits_with_1(
    passed: Passed, run: Run, words: tuple[str, ...], reason: str
) -> None:
    refused = run(*(word.format(call=passed.id) for word in words))
    assert refused.exit_code == 1
    assert reason in refused.output
    assert passed.transfers == []
