"""A supervisor beside a talk: listening, speaking to the agent alone, or to both; only where both were told."""
