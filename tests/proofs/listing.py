"""The proofs as `proofs.toml` lists them."""

import shlex
import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

FILE = Path(__file__).with_name("proofs.toml")


class Proof(BaseModel):
    """One proof: what holds when its command ends with 0, which faults it is about, how long it takes in minutes.

    `quick` is a small part of it, which shows that it runs; without one the whole is quick enough.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=r"^[a-z][a-z-]*$")
    shows: str
    rows: tuple[str, ...]
    run: str
    quick: str = ""
    environment: dict[str, str] = {}
    minutes: tuple[float, float]

    def words(self, *, is_quick: bool) -> list[str]:
        """The command, word by word."""
        return shlex.split(self.quick or self.run if is_quick else self.run)

    def expected(self, *, is_quick: bool) -> float:
        """How many seconds it is known to take."""
        return self.minutes[1 if is_quick else 0] * 60


def load_proofs(path: Path = FILE) -> list[Proof]:
    """Every proof, in the order in which they run."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return [Proof.model_validate(entry) for entry in document["proof"]]


def chosen(proofs: Sequence[Proof], names: Sequence[str]) -> list[Proof]:
    """Those of these names, all without any; raises `LookupError` for one that is none."""
    known = [proof.name for proof in proofs]
    if unknown := [name for name in names if name not in known]:
        raise LookupError(f"no proof is called {', '.join(unknown)}: there are {', '.join(known)}")
    return [proof for proof in proofs if not names or proof.name in names]
