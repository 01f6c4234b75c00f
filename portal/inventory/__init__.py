"""Normalised rows of what is in the apps: one writer, the reads."""
