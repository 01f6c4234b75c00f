"""What an admin can mend, said in three parts, wherever an instance is set up or changed."""

from connectors.base import ConnectorError
from portal.instances.models import AppInstance


class Problem(Exception):
    """What happened, why as far as known, what to do. `field` names the input it belongs to, '' where none."""

    def __init__(self, message: str, *, why: str = "", remedy: str = "", field: str = "", code: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.why = why
        self.remedy = remedy
        self.field = field
        self.code = code

    @property
    def sentence(self) -> str:
        """What happened and what to do, for the place under an input."""
        return f"{self.message} {self.remedy}".strip()


class ConnectProblem(Problem):
    """Connecting failed; `instance` is the one that was being connected, None where the callback fits none."""

    instance: AppInstance | None = None

    @classmethod
    def of(cls, error: ConnectorError, instance: AppInstance) -> "ConnectProblem":
        """The vendor's refusal, for the page where it can be mended."""
        problem = cls(error.message, why=error.why, remedy=error.remedy, code=error.code)
        problem.instance = instance
        return problem
