"""A local carrier that speaks Twilio's protocol, for development and tests; it knows the app only by HTTP."""
