"""Scopes, as both the API and the App Console call them."""

TEAM = "team_info.read"
MEMBERS = "members.read"
MEMBERS_WRITE = "members.write"
GROUPS = "groups.read"
EVENTS = "events.read"
SESSIONS = "sessions.list"
SESSIONS_WRITE = "sessions.modify"
TEAM_DATA = "team_data.member"
"""For calls in a member's name; of those the end of the connection is one."""

SCOPES = (TEAM, MEMBERS, MEMBERS_WRITE, GROUPS, EVENTS, SESSIONS, SESSIONS_WRITE, TEAM_DATA)
