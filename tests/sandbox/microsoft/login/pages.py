"""What login.microsoftonline.com answers."""

import re

from tests.sandbox.exchange import Answer, Request
from tests.sandbox.microsoft.login import consent_page, consent_request, discovery, sign_in, token_endpoint
from tests.sandbox.microsoft.refusal import Refusal
from tests.sandbox.microsoft.state import State

HOST = "login.microsoftonline.com"
TOKEN = re.compile(r"^/([^/]+)/oauth2/v2\.0/token$")
DISCOVERY = re.compile(r"^/([^/]+)/v2\.0/\.well-known/openid-configuration$")
AUTHORIZE = re.compile(r"^/([^/]+)/oauth2/v2\.0/authorize$")
KEYS = re.compile(r"^/([^/]+)/discovery/v2\.0/keys$")
CONSENT = re.compile(r"^/([^/]+)/(?:v2\.0/)?adminconsent$")


def answer(state: State, request: Request) -> Answer:
    try:
        return _answer(state, request)
    except Refusal as refusal:
        return refusal.answer(request)


def _answer(state: State, request: Request) -> Answer:
    token, asked = TOKEN.match(request.path), CONSENT.match(request.path)
    if token and request.method == "POST":
        return token_endpoint.answer(state, request, token[1])
    looked_up = DISCOVERY.match(request.path)
    if looked_up and request.method == "GET":
        return discovery.answer(state, request, looked_up[1])
    keys, somebody = KEYS.match(request.path), AUTHORIZE.match(request.path)
    if keys and request.method == "GET":
        return sign_in.keys(state, keys[1])
    if somebody and request.method in ("GET", "POST"):
        return sign_in.answer(state, request, somebody[1])
    if asked and request.method in ("GET", "POST"):
        return consent_request.answer(state, request, asked[1])
    return Answer.of_html(consent_page.page("404", "<h1>404 - File or directory not found.</h1>"), 404)
