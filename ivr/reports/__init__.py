"""Publication: what a report says of a quarter, put together from verdicts and facts; how it looks is not here."""
