"""Agents: their moves, and who is rung next."""
