"""Staffing: how many calls will come in each half hour, and how many agents are enough for them (A4, A11)."""
