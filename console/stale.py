"""Forms over rows without a version: a mark of what was shown, so that nobody overwrites what they did not see."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

from flask import request

from console.problems import Stale

FIELD: Final = "mark"


def mark_of(shown: Mapping[str, object]) -> str:
    """A short mark of the values that a form shows."""
    return hashlib.sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()[:16]


def refuse_stale(present: Mapping[str, object]) -> None:
    """Raise `Stale` where the form was made from other values than the present ones."""
    if request.form.get(FIELD) != mark_of(present):
        raise Stale
