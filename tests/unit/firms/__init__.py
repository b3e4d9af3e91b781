"""Client firms of a shared centre: the register, contracts, security, and the comparison of costs."""
