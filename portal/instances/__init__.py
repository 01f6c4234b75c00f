"""App instances: connecting them, their clients, the network seam."""
