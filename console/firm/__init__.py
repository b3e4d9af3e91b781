"""What a client firm sees of itself: its calls, cases, surveys, bills and figures, and nothing of anybody else."""
