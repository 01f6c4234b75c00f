"""What happens in the tenant on ordinary and on awkward days: functions from a scene to a record."""
