"""Knowledge: questions and answers about a firm's products, found while a caller is on the line (A5)."""
