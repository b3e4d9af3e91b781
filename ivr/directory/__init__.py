"""The directory: officers with their duties and public numbers, who is absent, and who stands in (K2, D1)."""
