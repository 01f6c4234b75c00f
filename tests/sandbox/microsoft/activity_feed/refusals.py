"""How the Management Activity API says no: a code of its own in each body."""

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.refusal import Refusal


class FeedRefusal(Refusal):
    def answer(self, request: Request) -> Answer:
        body = {"error": {"code": self.code, "message": self.message}}
        return Answer.of_json(body, self.status, self.headers)


class Unauthorized(Refusal):
    """The gateway before the API: no code (unverified)."""

    def answer(self, request: Request) -> Answer:
        return Answer.of_json({"Message": self.message}, self.status, self.headers)


class FeedDialect:
    def unauthorized(self, message: str) -> Refusal:
        return Unauthorized(401, "", "Authorization has been denied for this request.")

    def forbidden(self) -> Refusal:
        message = (
            "The permission set () sent in the request did not include the expected permission ActivityFeed.Read."
        )
        return FeedRefusal(403, "AF10001", message)

    def unknown(self, request: Request) -> Refusal:
        return Unauthorized(404, "", "No HTTP resource was found that matches the request URI.")

    def too_many(self, retry_after: int | None) -> Refusal:
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        message = "Too many requests. Method=GetSubscriptionContent, PublisherId=00000000-0000-0000-0000-000000000000"
        return FeedRefusal(429, "AF429", message, headers=headers)


def missing(name: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20001", f"Missing parameter: {name}.")


def wrong_type(name: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20002", f"Invalid parameter type: {name}.")


def outdated_webhook(expiration: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20003", f"Expiration {expiration} provided is set to past date and time.")


def other_tenant(asked: str, own: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20010", f"The tenant ID passed in the URL ({asked}) does not match the token's ({own}).")


def unlicensed() -> FeedRefusal:
    return FeedRefusal(400, "AF20012", "The specified tenant ID is incorrectly configured in the system.")


def no_guid(asked: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20013", f"The tenant ID passed in the URL ({asked}) is not a valid GUID.")


def not_audited(tenant_id: str) -> FeedRefusal:
    """The text of an exception in place of a code."""
    said = f"Microsoft.Office.Compliance.Audit.DataServiceException: Tenant {tenant_id} does not exist."
    return FeedRefusal(400, said, "")


def unknown_type(content_type: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20020", f"The specified content type is not valid: {content_type}.")


def unreachable_webhook(address: str, why: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20021", f"The webhook endpoint {address} could not be validated. {why}")


def no_subscription() -> FeedRefusal:
    return FeedRefusal(400, "AF20022", "No subscription found for the specified content type")


def disabled_subscription(by: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20023", f"The subscription was disabled by {by}.")


def already_enabled() -> FeedRefusal:
    return FeedRefusal(400, "AF20024", "The subscription is already enabled. No property change.")


def too_early(seconds: float) -> FeedRefusal:
    minutes, rest = divmod(max(1, int(seconds)), 60)
    return FeedRefusal(429, "AF429", f"Too many requests. Please retry again after {minutes}m {rest}s")


WINDOW = (
    "Start time and end time must both be specified (or both omitted) and must be less than or equal to 24 hours apart,"
    " with the start time no more than 7 days in the past."
)


def bad_window(code: str) -> FeedRefusal:
    """AF20030 or AF20055."""
    return FeedRefusal(400, code, WINDOW)


def bad_page(text: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20031", f"Invalid nextPage input: {text}.")


def no_blob(blob_id: str) -> FeedRefusal:
    return FeedRefusal(404, "AF20050", f"The specified content ({blob_id}) does not exist.")


def expired_blob(blob_id: str) -> FeedRefusal:
    message = (
        f"Content requested with the key {blob_id} has already expired. Content older than 7 days cannot be retrieved."
    )
    return FeedRefusal(404, "AF20051", message)


def bad_blob_id(blob_id: str) -> FeedRefusal:
    return FeedRefusal(400, "AF20052", f"Content ID {blob_id} in the URL is invalid.")
