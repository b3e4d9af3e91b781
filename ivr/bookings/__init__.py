"""Telephone consultations at a booked time: slots with a capacity, and what becomes of each booking."""
