"""What the portal's application asks for, chosen in the admin center. It has it once an administrator has consented."""

from html import escape

from tests.sandbox.microsoft import permissions
from tests.sandbox.microsoft.directory.objects import DirectoryObject
from tests.sandbox.microsoft.state import State
from tests.sandbox.microsoft.tenant import ACTIVITY_FEED, GRAPH, SHAREPOINT

SERVICES = {
    GRAPH: "Microsoft Graph",
    ACTIVITY_FEED: "Office 365 Management APIs",
    SHAREPOINT: "SharePoint",
}


def form(application: DirectoryObject) -> str:
    """A box for each application permission of each service, named by service and permission."""
    chosen = {
        (each["resourceAppId"], access["id"])
        for each in application.properties["requiredResourceAccess"]
        for access in each["resourceAccess"]
    }
    lists = "".join(
        f"<h2>{escape(name)}: application permissions</h2><ul>{_boxes(service, chosen)}</ul>"
        for service, name in SERVICES.items()
    )
    return (
        f'<form method="post"><h1>API permissions</h1>{lists}<p class=note>An administrator has to consent to what is '
        "added: connect again in the portal.</p>"
        '<div class="foot"><button class="main" name="part" value="permissions">Save permissions</button></div></form>'
    )


def save(state: State, application: DirectoryObject, ticked: dict[str, str]) -> None:
    """Those that are ticked, and no others."""
    access = [
        {
            "resourceAppId": service,
            "resourceAccess": [
                {"id": role["id"], "type": "Role"}
                for role in permissions.app_roles(service)
                if _box(service, role["value"]) in ticked
            ],
        }
        for service in SERVICES
    ]
    wanted = [each for each in access if each["resourceAccess"]]
    state.directory.update(application, {"requiredResourceAccess": wanted})


def _boxes(service: str, chosen: set[tuple[str, str]]) -> str:
    return "".join(
        f'<li><label><input type="checkbox" name="{escape(_box(service, role["value"]))}"'
        f'{" checked" if (service, role["id"]) in chosen else ""}> <code>{escape(role["value"])}</code></label></li>'
        for role in permissions.app_roles(service)
    )


def _box(service: str, permission: str) -> str:
    return f"{service}/{permission}"
