"""The portal's own users, their roles and scopes, invitations."""
