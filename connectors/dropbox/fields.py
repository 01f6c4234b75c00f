"""What the wizard asks for."""

from connectors.base import Field

CLIENT_ID = Field(
    "client_id",
    "App key",
    "In the Dropbox App Console on the app's page Settings, under App key.",
    pattern=r"[a-z0-9]{15}",  # unverified
    problem="An App key has 15 small letters and digits.",
    example="k3v9x0q2m7t4w1z",
)
CLIENT_SECRET = Field(
    "client_secret",
    "App secret",
    "At the same place: choose Show beside App secret.",
    is_secret=True,
    pattern=r"[a-z0-9]{15}",  # unverified
    problem="An App secret has 15 small letters and digits.",
)
ADMIN_EMAIL = Field(
    "admin_email",
    "E-mail of the team admin",
    "Filled in, the connection is refused when somebody else consents, such as whoever is signed in in this browser.",
    is_required=False,
    pattern=r"[^@\s]+@[^@\s]+",
    problem="This is no e-mail address.",
    example="gatehouse-svc@contoso.example",
)
