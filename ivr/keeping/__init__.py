"""How long each class of data is kept, what is erased after that, what is held back, and the record of it."""
