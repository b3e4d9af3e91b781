"""Every proof that docs/reliability.md names, run one after the other by `./bin/prove`."""
