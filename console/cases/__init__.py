"""Cases on screen: what customers brought up, by when they are answered, and what was done about it."""
