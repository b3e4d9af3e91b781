"""Knowledge on screen: looked up by agents, written by supervisors, taken in and away as tables."""
