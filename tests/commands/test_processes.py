"""The Procfile becomes a configuration that supervisord reads as it was meant."""

from configparser import RawConfigParser
from pathlib import Path

from commands.installation import complete
from commands.processes import configuration, started_processes


def read(text: str) -> RawConfigParser:
    parser = RawConfigParser(inline_comment_prefixes=(" ;", "\t;"))
    parser.read_string(text)
    return parser


def test_every_process_is_started_again_when_it_dies_and_stopped_with_its_children(folder: Path) -> None:
    installation = complete({"CHARTERLINE_DATA_DIR": str(folder)})
    parser = read(configuration(installation, started_processes(installation)))
    programs = [section for section in parser.sections() if section.startswith("program:")]
    assert len(programs) == len(started_processes(installation)) + 1
    for program in programs:
        assert parser[program]["autorestart"] == ("false" if program.endswith("introduction") else "true")
        assert parser[program]["stopasgroup"] == parser[program]["killasgroup"] == "true"


def test_all_rooms_stop_together_and_what_they_need_stops_afterwards(folder: Path) -> None:
    installation = complete({"CHARTERLINE_DATA_DIR": str(folder)})
    processes = started_processes(installation)
    parser = read(configuration(installation, processes))
    together = set(parser["group:hotline"]["programs"].split(","))
    assert together == (processes.keys() | {"introduction"}) - {"valkey", "carrier"}
    needed = [parser[f"program:{name}"] for name in ("valkey", "carrier")]
    assert max(int(program["priority"]) for program in needed) < int(parser["group:hotline"]["priority"])


def test_a_valkey_or_carrier_given_from_outside_is_not_started(folder: Path) -> None:
    outside = complete(
        {
            "CHARTERLINE_DATA_DIR": str(folder),
            "CHARTERLINE_REDIS_URL": "redis://127.0.0.1",
            "CHARTERLINE_TWILIO_ACCOUNT_SID": "AC1",
        }
    )
    assert started_processes(outside).keys().isdisjoint({"valkey", "carrier"})


def test_signs_that_supervisord_would_read_are_written_doubled(folder: Path) -> None:
    installation = complete({"CHARTERLINE_DATA_DIR": str(folder / "100%full")})
    parser = read(configuration(installation, {"relay": 'sh -c "echo 5%"'}))
    assert "100%%full" in parser["supervisord"]["pidfile"]
    assert parser["program:relay"]["command"] == '/bin/sh -c "exec sh -c \\"echo 5%%\\""'
