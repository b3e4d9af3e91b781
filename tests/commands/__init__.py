"""The command line: installing, starting, stopping."""
