"""A small OpenID Connect provider: description, consent without a page, token, user data. It checks PKCE and the client
secret, and says of the person what the test told it to."""

import base64
import hashlib
import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt

CLIENT_ID, CLIENT_SECRET = "gatehouse", "s3cret-of-the-client"
KEY = "a key that nobody checks, as the token comes straight from the provider"


class Provider:
    """`with Provider() as provider`: `provider.person` is what it says of whoever comes, `auth_time` when it asked
    that person last, None for a provider that does not tell; it asks again when told to, unless it `waves_through`."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = {}
        self.auth_time: object = int(time.time())
        self.waves_through = False
        self.says_in_user_data_alone: set[str] = set()
        self.codes: dict[str, str] = {}
        self.is_broken = False
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Provider":
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def consent(self, address: str) -> str:
        """The browser at the authorise address, where the person says yes; returns the way back."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert address.startswith(f"{self.url}/authorize?")
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        if query.get("prompt") == "login" and query.get("max_age") == "0" and not self.waves_through:
            self.auth_time = self.auth_time and int(time.time())
        code = secrets.token_urlsafe(8)
        self.codes[code] = query["code_challenge"]
        return f"{query['redirect_uri']}?code={code}&state={query['state']}"

    def describe(self) -> dict[str, Any]:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/jwks",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def tokens(self, form: dict[str, str]) -> dict[str, Any] | None:
        """None for a wrong client, code or verifier."""
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_good = self.codes.pop(form.get("code", ""), None) == challenge
        if not is_good or form.get("client_secret") != CLIENT_SECRET:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT_ID, "iat": now, "exp": now + 300, **self.person}
        for name in self.says_in_user_data_alone:
            claims.pop(name)
        if self.auth_time is not None:
            claims["auth_time"] = self.auth_time
        return {"access_token": "at", "token_type": "Bearer", "id_token": jwt.encode(claims, KEY, algorithm="HS256")}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if provider.is_broken:
                self._answer(503, {"error": "down"})
            elif self.path == "/.well-known/openid-configuration":
                self._answer(200, provider.describe())
            elif self.path.startswith("/authorize?"):
                self.send_response(302)
                self.send_header("Location", provider.consent(provider.url + self.path))
                self.end_headers()
            elif self.path == "/userinfo" and self.headers.get("Authorization") == "Bearer at":
                self._answer(200, provider.person)
            else:
                self._answer(404, {"error": "unknown"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            tokens = provider.tokens({name: values[0] for name, values in parse_qs(body).items()})
            self._answer(200 if tokens else 400, tokens or {"error": "invalid_grant"})

        def _answer(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet."""

    return Handler
