"""What admins do in the apps: actions, their log, their jobs."""
