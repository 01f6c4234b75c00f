"""graph.microsoft.com, version 1.0."""
