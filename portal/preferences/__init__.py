"""Settings kept in the database and suggestions."""
