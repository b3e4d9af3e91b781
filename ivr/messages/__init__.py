"""The words of the service: what is spoken and what is sent, as data with checked values."""
