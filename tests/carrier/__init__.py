"""The local carrier: every verb and rule in virtual time, and the process as the official SDK sees it."""
