"""Campaigns: who is dialled when and how often, at which pace, with which end, and at what price."""
