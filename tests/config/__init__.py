"""Settings and logging of an installation."""
