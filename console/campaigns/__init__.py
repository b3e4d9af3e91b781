"""Happy calls and surveys: planned, checked, rehearsed, approved by a second person, watched, counted."""
