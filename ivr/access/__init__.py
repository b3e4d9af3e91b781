"""Who may use the REST API, and for what: tokens, their scopes, and answers kept for requests that are repeated."""
