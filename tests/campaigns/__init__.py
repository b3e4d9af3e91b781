"""Campaigns under every order of consent, clock and death, and an independent judge of each order to ring."""
