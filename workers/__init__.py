"""What is done outside: the relay finds due promises, workers keep them, adapters speak to the carrier."""
