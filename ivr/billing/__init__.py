"""Usage and bills: what firms used, counted once, and the monthly statement made of it (A8 to A13, A18, A19, A22)."""
