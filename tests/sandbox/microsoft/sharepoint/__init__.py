"""The tenant's SharePoint hosts: the REST interface for what Graph lacks, and addresses that need no token.

Not simulated: everything of SharePoint REST but the recycle bin and permission inheritance. The forms of its refusals
and the bodies of its answers to POST are not documented (unverified). A token is good for the host it was asked for
alone: the stricter reading, as nothing is said of the other one. Who asks for what is put into the second stage by ids
moves the whole bin.
"""

from tests.sandbox.microsoft.sharepoint import downloads, inheritance, monitors, recycle_bin, uploads

OPEN_PREFIXES = ("/_api/v2.0", "/_layouts/15")
OPEN_ROUTES = [*downloads.ROUTES, *monitors.ROUTES, *uploads.ROUTES]
REST_ROUTES = [*recycle_bin.ROUTES, *inheritance.ROUTES]
