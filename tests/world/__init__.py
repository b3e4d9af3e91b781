"""Whole worlds: seeded, with everything going wrong, judged from the database and from the carrier's record."""
