"""A stand-in for a domestic aggregator of text messages, on the same telephones as the carrier."""
