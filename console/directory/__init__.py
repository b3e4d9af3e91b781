"""The directory: who is in charge of what, who is there, who takes calls in which team, who stands in."""
