"""Unit tests of campaigns: pace, plans, choosing, quotas and money."""
