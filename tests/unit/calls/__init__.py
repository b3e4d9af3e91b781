"""What is decided about calls, one rule at a time."""
