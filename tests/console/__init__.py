"""The console as people use it: pages over real databases, and in a real browser."""
