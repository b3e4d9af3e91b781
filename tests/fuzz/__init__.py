"""The product attacked with what nobody sends: strange requests at every address, and a search for what leaks."""
