"""The scopes an app can ask for; those of a team make a token of the team."""

TEAM_SCOPES = frozenset({
    "team_info.read", "members.read", "members.write", "members.delete", "groups.read", "groups.write", "events.read",
    "sessions.list", "sessions.modify", "team_data.member", "team_data.content.read", "team_data.content.write",
    "team_data.governance.write",
})  # fmt: skip
USER_SCOPES = frozenset({
    "account_info.read", "files.metadata.read", "files.content.read", "files.content.write", "files.permanent_delete",
    "sharing.read", "sharing.write",
})  # fmt: skip
ALL_SCOPES = TEAM_SCOPES | USER_SCOPES
