"""The Django project: all that loops, waits, locks, stores and shows. It depends on connectors, never the reverse."""
