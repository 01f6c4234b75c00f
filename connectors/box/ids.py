"""Ids of records. Box numbers files, folders and web links apart, so that a file and a folder may have one number."""

FILE, FOLDER, WEB_LINK = "file", "folder", "web_link"
KINDS = (FILE, FOLDER, WEB_LINK)
ROOT = "0"
"""Everybody's own uppermost folder."""
LINK = "link"
"""`vendor_id` of a Collaborator that is whoever has the shared link."""


def item(kind: str, number: object) -> str:
    """A File."""
    return f"{kind}:{number}"


def parts(file_id: str) -> tuple[str, str]:
    """Kind and number of a File's id."""
    kind, _, number = file_id.partition(":")
    return kind, number


def path(file_id: str, rest: str = "") -> str:
    """Where Box has it: `/files/1`, `/folders/1/collaborations`."""
    kind, number = parts(file_id)
    return f"/{kind}s/{number}{rest}"


def grant(app_id: object, account_id: object) -> str:
    """A Grant that was seen in use."""
    return f"{app_id}:{account_id}"
