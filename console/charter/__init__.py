"""How the charter was kept: results by month, quarter and year, down to each verdict, and their publication."""
