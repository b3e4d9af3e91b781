"""What is handed to operators fits the product: units, compose file, alerts and dashboard name what there is."""

import json
import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from prometheus_client import Counter, Histogram
from sqlalchemy import Engine

import webhooks.measuring
import workers.measuring
from commands.processes import read_procfile
from config.settings import Settings
from tests.guards.tree import ROOT
from tests.http.board import Moment, Signed, board_over
from workers.kinds import CHORES, KINDS
from workers.main import JOB_SECONDS

DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
# The embedded demo brings these along; an installation has its own.
EMBEDDED = {"valkey", "carrier"}
PROCESSES = {name: command for name, command in read_procfile().items() if name not in EMBEDDED}
HARDENED = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ReadWritePaths": "/var/lib/charterline",
    "CapabilityBoundingSet": "",
    "User": "charterline",
    "Restart": "always",
    # Redis without space ends a worker again and again within a second or two, and systemd would give it up for good.
    "StartLimitIntervalSec": "0",
}
NAME = re.compile(r"\bcharterline_\w+")
SUFFIX = re.compile(r"_(bucket|sum|count|total|created)$")
# How long a process may take to end by itself: gunicorn's graceful_timeout, a job, orders given to the carrier.
ENDS_WITHIN = {"webhooks": 10, "console": 3, "relay": 2, "dialler": 20, **dict.fromkeys(("worker",), JOB_SECONDS)}


@cache
def unit(name: str) -> dict[str, str]:
    lines = (UNITS / f"charterline-{name}.service").read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


@cache
def compose() -> dict[str, Any]:  # Any: YAML
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def alerts() -> list[dict[str, Any]]:  # Any: YAML
    (group,) = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yaml").read_text(encoding="utf-8"))["groups"]
    return list(group["rules"])


def expressions() -> Iterator[str]:
    """Every expression of the alerts and of the dashboard."""
    yield from (rule["expr"] for rule in alerts())
    board = json.loads((DEPLOY / "grafana" / "charterline.json").read_text(encoding="utf-8"))
    yield from (target["expr"] for panel in board["panels"] for target in panel.get("targets", ()))
    yield from (variable.get("definition", "") for variable in board["templating"]["list"])


def started(command: str) -> list[str]:
    """A command of the Procfile as units and containers run it: without the program that installs packages first."""
    words = shlex.split(command)
    return ["python", "-m", "commands.main", *words[1:]] if words[0] == "charterline" else words


@pytest.mark.parametrize("name", list(PROCESSES))
def test_every_process_has_a_unit_that_runs_it_and_little_else(name: str) -> None:
    program, *arguments = shlex.split(unit(name)["ExecStart"])
    assert [program.rpartition("/")[2], *arguments] == started(PROCESSES[name])
    assert {key: unit(name).get(key) for key in HARDENED} == HARDENED


def test_no_unit_runs_what_is_no_process_and_the_target_wants_all() -> None:
    units = {path.stem.removeprefix("charterline-") for path in UNITS.glob("*.service")}
    assert units == set(PROCESSES)
    target = (UNITS / "charterline.target").read_text(encoding="utf-8")
    assert set(re.findall(r"charterline-([\w-]+)\.service", target)) == set(PROCESSES)


@pytest.mark.parametrize("name", list(PROCESSES))
def test_a_process_is_given_the_time_that_it_takes_to_end(name: str) -> None:
    ends_within = ENDS_WITHIN[name.partition("-")[0]]
    assert int(unit(name)["TimeoutStopSec"]) > ends_within
    assert int(compose()["services"][name]["stop_grace_period"].rstrip("s")) > ends_within


@pytest.mark.parametrize("name", list(PROCESSES))
def test_every_process_has_a_container_that_runs_it(name: str) -> None:
    service = compose()["services"][name]
    entry = service.get("entrypoint", ["python", "-m", "commands.main"])
    assert [*entry, *service["command"]] == started(PROCESSES[name])
    assert service["environment"]["CHARTERLINE_PROCESS"] == name
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["healthcheck"]["test"]


def test_the_compose_file_holds_no_secret_and_refers_to_what_is_in_it() -> None:
    file = compose()
    others = set(file["services"]) - set(PROCESSES)
    assert others == {"postgresql", "valkey", "migrate"}
    for service in file["services"].values():
        assert set(service.get("secrets", ())) <= set(file["secrets"])
        assert set(service.get("networks", ())) <= set(file["networks"])
        assert {volume.partition(":")[0] for volume in service.get("volumes", ())} <= set(file["volumes"])
        assert set(service.get("depends_on", ())) <= set(file["services"])
    assert all(set(secret) == {"file"} for secret in file["secrets"].values())
    named = {name for name in file["x-settings"] if name.startswith("CHARTERLINE_")}
    assert {name.removeprefix("CHARTERLINE_").removesuffix("_FILE").lower() for name in named} <= set(
        Settings.model_fields
    )


def test_the_container_file_brings_every_room_that_its_processes_need() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE))
    assert copied == {"ivr", "config", "webhooks", "workers", "console", "commands", "migrations"}
    assert re.search(r"^USER charterline$", text, re.MULTILINE)


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
def test_alerts_and_dashboard_name_only_figures_that_there_are(engine: Engine) -> None:
    page = Signed.to(board_over(engine, Moment())).client.get("/metrics").text
    told = set(re.findall(r"^# TYPE (\w+)", page, re.MULTILINE))
    counted = [*vars(webhooks.measuring).values(), *vars(workers.measuring).values()]
    told |= {metric.name for one in counted if isinstance(one, Counter | Histogram) for metric in one.describe()}
    ours = {SUFFIX.sub("", name) for name in told if name.startswith("charterline_")}
    named = {SUFFIX.sub("", name) for expression in expressions() for name in NAME.findall(expression)}
    # What is told and never looked at would be told for nothing.
    assert named == ours


def test_every_alert_leads_to_a_section_of_the_runbook_and_every_section_to_an_alert() -> None:
    page = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    anchors = {heading.lower().replace(" ", "-") for heading in re.findall(r"^## (.+)$", page, re.MULTILINE)}
    led_to = {rule["annotations"]["runbook"].partition("#")[2] for rule in alerts()}
    assert led_to <= anchors
    assert anchors - led_to == {"before-anything-else"}
    assert all(rule["labels"]["severity"] in {"critical", "warning"} and rule["for"] for rule in alerts())


def test_the_kinds_that_an_alert_leaves_to_another_one_are_chores() -> None:
    left = {
        kind
        for expression in expressions()
        for kinds in re.findall(r'kind!~"([^"]+)"', expression)
        for kind in kinds.split("|")
    }
    assert left
    assert {kind for kind in left if KINDS[kind].queue != CHORES} == set()


def test_the_example_of_an_environment_names_settings_and_holds_no_secret() -> None:
    lines = (UNITS / "environment.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    names = {name.removeprefix("CHARTERLINE_").removesuffix("_FILE").lower() for name in given}
    assert names <= set(Settings.model_fields)
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert not {name for name in secret if f"CHARTERLINE_{name.upper()}" in given}
    needed = {name for name, field in Settings.model_fields.items() if field.is_required()}
    assert needed <= names
