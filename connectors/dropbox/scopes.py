"""Scopes, as both the API and the App Console call them."""

TEAM = "team_info.read"
MEMBERS = "members.read"
MEMBERS_WRITE = "members.write"
GROUPS = "groups.read"
GROUPS_WRITE = "groups.write"
EVENTS = "events.read"
SESSIONS = "sessions.list"
SESSIONS_WRITE = "sessions.modify"
TEAM_DATA = "team_data.member"
"""For calls in a member's or an admin's name: reading files, and ending the connection."""
TEAM_CONTENT = "team_data.content.read"
TEAM_CONTENT_WRITE = "team_data.content.write"
METADATA = "files.metadata.read"
CONTENT = "files.content.read"
CONTENT_WRITE = "files.content.write"
PERMANENT = "files.permanent_delete"
SHARING = "sharing.read"
SHARING_WRITE = "sharing.write"

SCOPES = (
    TEAM, MEMBERS, MEMBERS_WRITE, GROUPS, GROUPS_WRITE, EVENTS, SESSIONS, SESSIONS_WRITE, TEAM_DATA, TEAM_CONTENT,
    TEAM_CONTENT_WRITE, METADATA, CONTENT, CONTENT_WRITE, PERMANENT, SHARING, SHARING_WRITE,
)  # fmt: skip
