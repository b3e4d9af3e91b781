"""An installation in real processes under load, to which real faults happen: `python -m tests.faults`."""
