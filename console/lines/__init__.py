"""The pages of a line's settings: the menu map, walking it, hours and days, spoken texts, text messages."""
