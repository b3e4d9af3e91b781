"""The relay and the keeper: what is due is handed out, and kept once, whatever breaks on the way."""
