"""How a talk is conducted: what the agent ticks, warnings to a caller, lawful endings, rest and the record of it."""
