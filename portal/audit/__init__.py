"""The trail of what was done in the portal."""
