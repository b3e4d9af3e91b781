"""How the installation fares: promises that are late, what came of the last ones, and when each kind was last kept."""
