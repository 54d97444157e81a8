"""Django's SQLite backend, whose writers queue."""
