"""How the vendor writes tagged unions: {".tag": "x", ...}."""

from tests.sandbox.exchange import Json


def tagged(tag: str, **fields: Json) -> dict[str, Json]:
    """A void member, or one whose fields are written beside the tag."""
    return {".tag": tag, **fields}


def nested(tag: str, value: Json) -> dict[str, Json]:
    """A member whose value stands under a key named like the tag: a primitive, a union, a struct with subtypes."""
    return {".tag": tag, tag: value}


def chain(tags: str) -> dict[str, Json]:
    """Unions within unions: "path/conflict/file"."""
    first, _, rest = tags.partition("/")
    return nested(first, chain(rest)) if rest else tagged(first)


def summary_of(error: Json) -> str:
    """The tags of an error from the outermost to the innermost: "path/conflict/file"."""
    tags = []
    while isinstance(error, dict) and ".tag" in error:
        tags.append(error[".tag"])
        error = error.get(error[".tag"], error.get("reason"))
    return "/".join(tags)
