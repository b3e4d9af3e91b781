"""Tests of the ledger of consents and of who may be contacted."""
