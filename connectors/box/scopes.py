"""Application scopes: their names in the API, and how the Developer Console calls them."""

READ = "root_readonly"
WRITE = "root_readwrite"
USERS = "manage_managed_users"
GROUPS = "manage_groups"
ENTERPRISE = "manage_enterprise_properties"
WEBHOOKS = "manage_webhook"
AS_USER = "as-user"
"""Not a scope but an advanced feature of the app, without which only the connected account's own files are read."""

SCOPES = (READ, WRITE, USERS, GROUPS, ENTERPRISE, WEBHOOKS)

LABELS = {
    READ: "Read all files and folders stored in Box",
    WRITE: "Write all files and folders stored in Box",
    USERS: "Manage users",
    GROUPS: "Manage groups",
    ENTERPRISE: "Manage enterprise properties",
    WEBHOOKS: "Manage webhooks",
    AS_USER: "Make API calls using the as-user header",
}
TICKS = "\n".join(LABELS[scope] for scope in (*SCOPES, AS_USER))
"""To be ticked, as the wizard shows it."""
