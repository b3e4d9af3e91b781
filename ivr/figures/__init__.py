"""Call-centre figures: rows of calls and offers that may be made again, their sums by day, and what is asked."""
