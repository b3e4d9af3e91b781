"""The data files of the installation: TOML to dictionaries, nothing more."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urljoin

Document: TypeAlias = Mapping[str, object]

CHARTERS = Path(__file__).parent / "charters"
CONSOLE = Path(__file__).parent / "console"
COURTESY = Path(__file__).parent / "courtesy"
FIGURES = Path(__file__).parent / "figures"
LINES = Path(__file__).parent / "lines"
LISTENING = Path(__file__).parent / "listening"
MESSAGES = Path(__file__).parent / "messages"
PAGES = Path(__file__).parent / "pages"
REPORTS = Path(__file__).parent / "reports"
SURVEYS = Path(__file__).parent / "surveys"
HOLIDAYS = Path(__file__).parent / "holidays.toml"
FALLBACK = Path(__file__).parent / "fallback.xml"
ORDERED_FALLBACK = FALLBACK.with_name("fallback_ordered.xml")
RETENTION = Path(__file__).parent / "retention.toml"
PROVIDERS = Path(__file__).parent / "providers.toml"
DEMO = Path(__file__).parent / "demo.toml"
DEMO_CENTRE = Path(__file__).parent / "demo" / "centre.toml"
DEMO_CUSTOMERS = Path(__file__).parent / "demo" / "customers.csv"
COMMON_PASSWORDS = Path(__file__).parent / "common_passwords.txt"
DAY = Path(__file__).parent / "day.toml"


class UnreadableFiles(ValueError):
    """Some files are missing or not TOML; `problems` has them by name, `documents` the others."""

    def __init__(self, problems: Mapping[str, str], documents: Mapping[str, Document]) -> None:
        self.problems = problems
        self.documents = documents
        super().__init__("\n".join(f"{file}: {why}" for file, why in problems.items()))


def ordered_fallback(fallback_url: str) -> str:
    """Where those whom we ring find their document: beside that of callers; empty where that has no address."""
    return urljoin(fallback_url, ORDERED_FALLBACK.name) if fallback_url else ""


def read_folder(folder: Path) -> dict[str, Document]:
    """Read every `*.toml` of a folder, by file name; raises `UnreadableFiles` after trying them all."""
    return _read_all(sorted(folder.glob("*.toml")) or [folder / "*.toml"])


def read_file(path: Path) -> Document:
    """Read one TOML file; raises `UnreadableFiles`."""
    return _read_all([path])[path.name]


def read_words(path: Path) -> frozenset[str]:
    """Read a list of words, one a line, in lower case; lines that begin with # say what it is."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(line.casefold() for line in lines if line and line[0] != "#")


def _read_all(paths: list[Path]) -> dict[str, Document]:
    documents: dict[str, Document] = {}
    problems: dict[str, str] = {}
    for path in paths:
        try:
            documents[path.name] = tomllib.loads(path.read_text(encoding="utf-8"))
        except OSError as error:
            problems[path.name] = f"cannot be read ({error.strerror}): check that {path} is there"
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems[path.name] = f"is not valid TOML: {error}"
    if problems:
        raise UnreadableFiles(problems, documents)
    return documents
