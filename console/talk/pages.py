"""Every view of an agent's tools, gathered under their one blueprint."""

from console.talk import announcing, callbacks, knowing, memos, mine, promising, results, texting, tools, transferring
from console.talk.room import blueprint

__all__ = [
    "announcing",
    "blueprint",
    "callbacks",
    "knowing",
    "memos",
    "mine",
    "promising",
    "results",
    "texting",
    "tools",
    "transferring",
]
