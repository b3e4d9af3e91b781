"""The whole product by telephone: through the local carrier, with real workers, in virtual time."""
