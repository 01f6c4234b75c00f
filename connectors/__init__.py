"""Connectors: what Gatehouse knows of each vendor. Pure Python: no Django, no database, no clock of its own."""
