"""The system page: what waits, what failed, how the carrier answers, the database and the disk."""
