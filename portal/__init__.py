"""The Django project: everything that loops, waits, locks, stores and shows. It depends on connectors, never the reverse."""
