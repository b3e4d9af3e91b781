"""The wallboard: the line at this moment, for everybody in the room."""
