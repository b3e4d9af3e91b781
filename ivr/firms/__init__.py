"""Client firms of a shared centre: who may join, contracts, security, and what a year would cost elsewhere."""
