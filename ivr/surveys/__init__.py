"""Questionnaires as data, the engine that asks them, and what was answered."""
