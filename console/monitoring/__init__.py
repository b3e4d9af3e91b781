"""Talks as they go on, and a supervisor's way to be beside one: listening, speaking to the agent, or to both."""
