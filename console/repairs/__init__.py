"""Repairs on screen: handed over to partners, followed until they are done, customers told of each step."""
