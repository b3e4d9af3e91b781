"""What a token may be allowed to do: one scope for reading and one for writing, for each resource of the API."""

from typing import Final

RESOURCES: Final = ("callbacks", "bookings", "cases", "documents")
SCOPES: Final = tuple(f"{resource}:{may}" for resource in RESOURCES for may in ("read", "write"))


def unknown_scopes(scopes: tuple[str, ...]) -> list[str]:
    """Those that are no scope of the API, in their order."""
    return [scope for scope in scopes if scope not in SCOPES]
