"""What every call of SharePoint REST has to get right first."""

from urllib.parse import unquote

from tests.sandbox.microsoft.call import Call
from tests.sandbox.microsoft.files.items import Site
from tests.sandbox.microsoft.sharepoint.refusals import failed, no_certificate


def site(call: Call) -> Site:
    """The one whose address the path begins with. A token that was got with a secret is good for nothing here."""
    if not call.token.is_by_certificate:
        raise no_certificate()
    way = unquote(call.request.path).partition("/_api/")[0]
    for each in call.state.files.sites.values():
        if each.host == call.request.host and each.path.lower() == way.lower():
            if each.is_locked:
                raise failed("The site is locked.", 423)
            return each
    raise failed("There is no Web named so.", 404)
