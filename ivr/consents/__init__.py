"""Who agreed to be rung, for what, how that is proven, and whether somebody may be rung at this moment."""
