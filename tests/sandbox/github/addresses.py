"""Where the vendor's pages are."""

from tests.sandbox.exchange import Request


def web(request: Request, path: str) -> str:
    """The address of a page: the site's host is the API's without `api.`."""
    return request.url(path, request.host.removeprefix("api."))
