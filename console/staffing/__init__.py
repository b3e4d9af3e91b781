"""Staffing: who is needed by half hour, who is planned, what more agents would do, and what came of forecasts."""
