"""The consent of a team admin."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.base import Answer, AuthorizationCode, Setup
from connectors.base.auth import Renewal
from connectors.base.setup import Call
from connectors.dropbox.errors import tags_of

EXPIRED = "expired_access_token"


@dataclass(frozen=True)
class TeamConsent(AuthorizationCode):
    """Dropbox answers with 401 for many reasons, a missing scope among them: a new access token helps against one."""

    def renew(self, setup: Setup, call: Call, answer: Answer) -> Renewal:
        if answer.status != 401 or EXPIRED not in tags_of(answer):
            return Renewal.NONE
        return super().renew(setup, call, answer)


ADMIN = "admin of "


def as_member(subject: str) -> Mapping[str, str]:
    """`subject`: a member in whose name a call is made; behind ADMIN an admin, who so gets to what others have."""
    if subject.startswith(ADMIN):
        return {"Dropbox-API-Select-Admin": subject.removeprefix(ADMIN)}
    return {"Dropbox-API-Select-User": subject}
