"""Client firms of a shared centre: the register, contracts, what stands behind them, and the comparison of costs."""
