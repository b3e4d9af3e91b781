"""Hours and quarters of promises in virtual time, with processes that die, and what must hold of them."""
