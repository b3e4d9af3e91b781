"""The desk at which an agent works: presence, the ring, the talk, the softphone; all state is the server's."""
