"""Coming and going: the sign-in, the second factor, the sign-out."""
