"""What the installation says: settings, the clock, logging, and the data files of lines and texts."""
