"""What agents do in and after a talk: memo, callback, case, text, transfer, protection, and the own day."""
