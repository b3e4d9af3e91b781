"""Agents: who they are, where they stand, and which of them is rung next."""
