"""Feed state, runs, the runner and the dispatcher."""
