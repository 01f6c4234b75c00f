"""Ids that look like the vendor's and are the same in every run."""

import base64
import hashlib


def ident(prefix: str, text: str, length: int) -> str:
    digest = hashlib.sha512(f"{prefix}/{text}".encode()).digest()
    return prefix + base64.urlsafe_b64encode(digest).decode()[:length]


def member_id(text: str) -> str:
    return ident("dbmid:AA", text, 33)


def account_id(text: str) -> str:
    return ident("dbid:AA", text, 33)


def team_id(text: str) -> str:
    return ident("dbtid:AA", text, 33)


def app_id(text: str) -> str:
    return ident("dbaid:AA", text, 33)


def session_id(kind: str, text: str) -> str:
    prefixes = {"web_session": "dbwsid:", "desktop_client": "dbdsid:", "mobile_client": "dbmsid:"}
    return ident(prefixes[kind], text, 32)


def group_id(text: str) -> str:
    return "g:" + hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
