"""Editions: hours, special days, spoken texts and templates that are changed while the service runs, in versions."""
