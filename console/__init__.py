"""What agents and supervisors see: its own process on its own network, apart from the public webhooks."""
