"""Bills on screen and as files: what client firms used, what they owe, and how each line was reckoned."""
