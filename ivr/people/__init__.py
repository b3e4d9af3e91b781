"""The people whom an institution serves and may ring: one row a number, erased when they wish it."""
