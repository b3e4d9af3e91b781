"""The wall: what one line looks like at this moment, for a room full of people who look up at it."""
