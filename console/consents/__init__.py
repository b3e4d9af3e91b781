"""Who agreed to be rung for what, by which proof; given, taken back, kept out, forgotten."""
