"""The survey of telephone courtesy on screen: rounds, scoring by two raters, results, appeals."""
