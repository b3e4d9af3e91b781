"""A deploy with calls in progress: every process ended by SIGTERM and started again, one after the other."""
