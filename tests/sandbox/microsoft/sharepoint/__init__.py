"""The tenant's SharePoint hosts: the REST interface for what Graph lacks, and addresses that need no token.

Not simulated: everything of SharePoint REST but the recycle bin and permission inheritance. The forms of its refusals
and the bodies of its answers to POST are not documented (unverified).
"""

from tests.sandbox.microsoft.sharepoint import downloads, inheritance, monitors, recycle_bin, uploads

OPEN_PREFIXES = ("/_api/v2.0", "/_layouts/15")
OPEN_ROUTES = [*downloads.ROUTES, *monitors.ROUTES, *uploads.ROUTES]
REST_ROUTES = [*recycle_bin.ROUTES, *inheritance.ROUTES]
