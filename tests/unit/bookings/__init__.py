"""Bookings of consultations by telephone."""
