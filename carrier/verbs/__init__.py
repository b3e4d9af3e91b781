"""What the carrier does for each TwiML verb, one small file per family."""
