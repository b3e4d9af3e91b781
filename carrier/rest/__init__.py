"""The REST surface: Twilio's 2010-04-01 resources over the network's state."""
