"""Apps that members have linked. Dropbox tells no scopes and no last use, but whether an app has its own folder."""

from connectors.base import Grant, OAuthApp, Risk
from connectors.dropbox.mapping.values import Row, moment, rows, text


def linked(row: Row) -> list[Row]:
    """Of {team_member_id, linked_api_apps}: the apps that have an id."""
    return [each for each in rows(row, "linked_api_apps") if text(each.get("app_id"))]


def app(row: Row) -> OAuthApp:
    app_id = text(row["app_id"])
    return OAuthApp(
        id=app_id,
        name=text(row.get("app_name")) or app_id,
        publisher=text(row.get("publisher")),
        risk=_risk(row),
        url=text(row.get("publisher_url")),
        raw=dict(row),
    )


def grant(member: Row, row: Row) -> Grant:
    app_id, member_id = text(row["app_id"]), text(member["team_member_id"])
    return Grant(
        id=f"{app_id}/{member_id}",
        app_id=app_id,
        account_id=member_id,
        risk=_risk(row),
        granted_at=moment(row.get("linked")),
        raw=dict(row),
    )


def _risk(row: Row) -> Risk:
    """An app with a folder of its own reaches nothing else; any other one reaches all that the member has."""
    told = {True: Risk.LOW, False: Risk.HIGH}
    is_app_folder = row.get("is_app_folder")
    return told[is_app_folder] if isinstance(is_app_folder, bool) else Risk.UNKNOWN
