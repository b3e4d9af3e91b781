"""The desk of an agent: whether one is open, what it shows, and when that has changed."""
