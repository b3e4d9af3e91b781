"""Conversations with the webhooks over signed HTTP: what is heard, what is kept, and what happens when things break."""
