"""TwiML as data: the verbs as frozen dataclasses and the reader that makes them from XML."""
