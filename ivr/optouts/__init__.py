"""People who do not want our texts: how they say so, what is not sent from then on, and how it is undone."""
