"""One's own account: password, second factor, language, the line that is worked on, where one is signed in."""
