"""How Azure says no: in one of three forms."""

from tests.sandbox.exchange import Answer, Json, Request
from tests.sandbox.microsoft.refusal import Refusal


class ArmRefusal(Refusal):
    """The usual form."""

    def answer(self, request: Request) -> Answer:
        return Answer.of_json({"error": {"code": self.code, "message": self.message}}, self.status, self.headers)


class CapitalRefusal(Refusal):
    """Of the activity log, for some faults."""

    def answer(self, request: Request) -> Answer:
        return Answer.of_json({"Code": self.code, "Message": self.message}, self.status, self.headers)


class BareRefusal(Refusal):
    """Of the activity log, for others."""

    def answer(self, request: Request) -> Answer:
        body: dict[str, Json] = {"code": self.code, "message": self.message}
        return Answer.of_json(body, self.status, self.headers)


class ArmDialect:
    def unauthorized(self, message: str) -> Refusal:
        if "empty" in message:
            return ArmRefusal(401, "AuthenticationFailed", "Authentication failed. The header is missing.")
        code = "ExpiredAuthenticationToken" if "expired" in message else "InvalidAuthenticationToken"
        return ArmRefusal(401, code, f"The access token is invalid. {message}")

    def forbidden(self) -> Refusal:
        return ArmRefusal(403, "AuthorizationFailed", "The client does not have authorization.")

    def unknown(self, request: Request) -> Refusal:
        return ArmRefusal(404, "InvalidResourceType", "The resource type could not be found in the namespace.")

    def too_many(self, retry_after: int | None) -> Refusal:
        return throttled("reads", retry_after or 1)


def throttled(kind: str, seconds: int) -> ArmRefusal:
    code = f"SubscriptionRequestsThrottled{kind.capitalize()}"
    message = f"Number of '{kind}' requests exceeded the limit. Please try again after '{seconds}' seconds."
    headers = {"Retry-After": str(seconds), f"x-ms-ratelimit-remaining-subscription-{kind}": "0"}
    return ArmRefusal(429, code, message, headers=headers)


def not_allowed(client_id: str, object_id: str, action: str, scope: str) -> ArmRefusal:
    message = (
        f"The client '{client_id}' with object id '{object_id}' does not have authorization to perform action "
        f"'{action}' over scope '{scope}' or the scope is invalid. If access was recently granted, please refresh your "
        "credentials."
    )
    return ArmRefusal(403, "AuthorizationFailed", message)


def no_version() -> ArmRefusal:
    message = "The api-version query parameter (?api-version=) is required for all requests."
    return ArmRefusal(400, "MissingApiVersionParameter", message)


def wrong_version(version: str, known: tuple[str, ...]) -> ArmRefusal:
    message = f"The api-version '{version}' is invalid. The supported versions are '{','.join(known)}'."
    return ArmRefusal(400, "InvalidApiVersionParameter", message)


def no_subscription(subscription_id: str) -> ArmRefusal:
    return ArmRefusal(404, "SubscriptionNotFound", f"The subscription '{subscription_id}' could not be found.")


def disabled(subscription_id: str) -> ArmRefusal:
    message = f"The subscription '{subscription_id}' is disabled and therefore marked as read only."
    return ArmRefusal(409, "ReadOnlyDisabledSubscription", message)


def missing(what: str) -> ArmRefusal:
    return ArmRefusal(404, "ResourceNotFound", f"The Resource '{what}' was not found.")


def locked(scope: str, lock: str) -> ArmRefusal:
    message = f"The scope '{scope}' cannot perform the operation because following scope(s) are locked: '{lock}'."
    return ArmRefusal(409, "ScopeLocked", message)


def bad(message: str, code: str = "BadRequest") -> ArmRefusal:
    return ArmRefusal(400, code, message)
