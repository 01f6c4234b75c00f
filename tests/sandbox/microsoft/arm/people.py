"""Who acts in Azure, as the activity log names them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caller:
    """`login` is empty for the platform; of a service principal it is the object id, and there is no address."""

    login: str
    object_id: str
    name: str = ""
    address: str = ""
    app_id: str = ""

    @property
    def is_person(self) -> bool:
        return "@" in self.login


PLATFORM = Caller("", "")
