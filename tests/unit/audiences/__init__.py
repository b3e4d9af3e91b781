"""Cases, by themselves and through their promises in virtual time."""
