"""The carrier's own small APIs for people's handsets, for set-up and for the truth; loopback only."""
