"""Providers of text messages beside the telephone carrier, each behind the same port as the carrier's orders."""
