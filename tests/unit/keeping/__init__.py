"""How long data is kept, what is erased, and keys that change."""
