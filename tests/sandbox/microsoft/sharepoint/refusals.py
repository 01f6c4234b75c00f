"""How SharePoint REST says no."""

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.refusal import Refusal


class SharePointRefusal(Refusal):
    def answer(self, request: Request) -> Answer:
        said = {"code": self.code, "message": {"lang": "en-US", "value": self.message}}
        return Answer.of_json({"odata.error": said}, self.status, self.headers)


class TokenRefusal(Refusal):
    def answer(self, request: Request) -> Answer:
        return Answer.of_json({"error_description": self.message}, self.status, self.headers)


class SharePointDialect:
    def unauthorized(self, message: str) -> Refusal:
        return TokenRefusal(401, "", f"Invalid JWT token. {message}", headers={"WWW-Authenticate": "Bearer"})

    def forbidden(self) -> Refusal:
        return denied()

    def unknown(self, request: Request) -> Refusal:
        code = "-1, Microsoft.SharePoint.Client.ResourceNotFoundException"
        return SharePointRefusal(404, code, "Cannot find resource for the request.")

    def too_many(self, retry_after: int | None) -> Refusal:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return SharePointRefusal(429, "-2147429894, Microsoft.SharePoint.SPException", "Throttled.", headers=headers)


def denied() -> SharePointRefusal:
    code = "-2147024891, System.UnauthorizedAccessException"
    return SharePointRefusal(403, code, "Attempted to perform an unauthorized operation.")


def no_certificate() -> TokenRefusal:
    return TokenRefusal(401, "", "Unsupported app only token.")


def failed(message: str, status: int = 400) -> SharePointRefusal:
    return SharePointRefusal(status, "-2130575257, Microsoft.SharePoint.SPException", message)
