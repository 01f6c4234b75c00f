"""Users and groups of the directory, as files name them."""

from tests.sandbox.microsoft.directory.objects import GROUP, DirectoryObject
from tests.sandbox.microsoft.files import identity
from tests.sandbox.microsoft.files.identity import Identity


def known(found: DirectoryObject) -> Identity:
    """A user, guests too, or a group."""
    email = str(found.properties.get("mail") or "")
    if found.kind == GROUP:
        login = f"c:0o.c|federateddirectoryclaimprovider|{found.id}"
        return Identity(identity.GROUP, found.id, found.name, email, login)
    name = str(found.properties["userPrincipalName"])
    return identity.user(found.id, found.name, email or name, name)
