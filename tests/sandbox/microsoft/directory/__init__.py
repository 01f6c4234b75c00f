"""What the tenant's directory holds: users, groups, applications, roles, grants."""
