"""Real stores for tests: SQLite files, a PostgreSQL from the wheel or from outside, and a Valkey."""
