"""Cases: opinions, questions, complaints and requests of customers, answered by a date that the charter gives."""
