"""Dialling a customer who asked to be called: the agent first, then the customer, then who it is, then the talk."""
