"""Guards: what must hold for the whole tree, whoever changed it last."""
