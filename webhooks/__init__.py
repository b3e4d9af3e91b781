"""The Flask application that answers the carrier: every request is verified, stored once and answered."""
