"""The command line: it starts the rooms, and nothing imports it."""
