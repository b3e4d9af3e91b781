"""Text messages on screen: what was sent, what did not arrive, who wants none, and the registered senders."""
