"""Listening: the first and last seconds of a talk on the agent's channel, and what they prove of the greeting."""
