"""What the records of each service look like."""
