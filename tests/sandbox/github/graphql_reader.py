"""Reads the small part of GraphQL that the simulator answers: one query with variables, arguments and nested fields."""

import re
from dataclasses import dataclass, field

from tests.sandbox.exchange import Json

_TOKEN = re.compile(r'[\s,]+|#[^\n]*|(\.\.\.|[{}()\[\]:!$=@]|"(?:\\.|[^"\\])*"|-?\d+|[A-Za-z_]\w*)')
_CONSTANTS = {"null": None, "true": True, "false": False}


class GraphQLError(Exception):
    """A refusal inside the answer: message, GitHub's type of error, path of the field."""

    def __init__(self, message: str, type: str | None = None, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.type = type
        self.path = path

    def shape(self) -> dict[str, Json]:
        shape: dict[str, Json] = {"message": self.message, "locations": [{"line": 1, "column": 1}]}
        if self.type:
            shape["type"] = self.type
        if self.path:
            shape["path"] = list(self.path)
        return shape


@dataclass(slots=True)
class Field:
    """`key`: the name it has in the answer. `fields`: what is asked below it. `on`: it is no field but a fragment, for
    objects of this type.
    """

    name: str
    key: str
    arguments: dict[str, Json] = field(default_factory=dict)
    fields: list["Field"] = field(default_factory=list)
    on: str = ""


def read_query(text: str, variables: dict[str, Json]) -> list[Field]:
    """The fields asked for at the top; GraphQLError when the text is no such query."""
    reader = _Reader(_tokens(text), variables)
    return reader.operation()


def _tokens(text: str) -> list[str]:
    tokens, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise GraphQLError(f"Expected NAME, actual: UNKNOWN_CHAR ({text[position]!r}) at [1, {position + 1}]")
        if match[1]:
            tokens.append(match[1])
        position = match.end()
    return tokens


class _Reader:
    def __init__(self, tokens: list[str], variables: dict[str, Json]) -> None:
        self._tokens = tokens
        self._at = 0
        self._variables = variables
        self._declared: dict[str, Json] = {}

    def operation(self) -> list[Field]:
        if self._peek() == "query":
            self._take()
            if self._peek() not in ("(", "{"):
                self._take()
            if self._peek() == "(":
                self._declarations()
        fields = self._selection()
        if self._peek():
            raise GraphQLError("A query with more than one operation is not understood here.")
        return fields

    def _declarations(self) -> None:
        """($login: String!, $cursor: String = null): what is required must be given."""
        self._expect("(")
        while self._peek() != ")":
            self._expect("$")
            name = self._take()
            self._expect(":")
            is_required = self._type()
            default = self._default()
            value = self._variables.get(name, default)
            if is_required and value is None:
                raise GraphQLError(f"Variable ${name} of type String! was provided invalid value")
            self._declared[name] = value
        self._expect(")")

    def _type(self) -> bool:
        """Is a value required?"""
        if self._take() == "[":
            self._type()
            self._expect("]")
        if self._peek() != "!":
            return False
        self._take()
        return True

    def _default(self) -> Json:
        if self._peek() != "=":
            return None
        self._take()
        return self._value()

    def _selection(self) -> list[Field]:
        self._expect("{")
        fields = []
        while self._peek() != "}":
            fields.append(self._field())
        self._expect("}")
        if not fields:
            raise GraphQLError("A selection must not be empty.")
        return fields

    def _field(self) -> Field:
        key = name = self._take()
        if name == "...":
            return self._fragment()
        if not re.match(r"[A-Za-z_]", name):
            raise GraphQLError(f"{name!r} is not understood here.")
        if self._peek() == ":":
            self._take()
            name = self._take()
        found = Field(name, key)
        if self._peek() == "(":
            found.arguments = self._arguments()
        if self._peek() == "{":
            found.fields = self._selection()
        return found

    def _fragment(self) -> Field:
        """... on Type { fields }; named fragments are not understood."""
        self._expect("on")
        on = self._take()
        return Field("...", f"... on {on}", fields=self._selection(), on=on)

    def _arguments(self) -> dict[str, Json]:
        self._expect("(")
        arguments = {}
        while self._peek() != ")":
            name = self._take()
            self._expect(":")
            arguments[name] = self._value()
        self._expect(")")
        return arguments

    def _value(self) -> Json:
        token = self._take()
        if token == "$":
            name = self._take()
            if name not in self._declared:
                raise GraphQLError(f"Variable ${name} is used but not declared")
            return self._declared[name]
        if token == "[":
            return self._list()
        if token.startswith('"'):
            return re.sub(r"\\(.)", r"\1", token[1:-1])
        if re.fullmatch(r"-?\d+", token):
            return int(token)
        return _CONSTANTS.get(token, token)

    def _list(self) -> list[Json]:
        values = []
        while self._peek() != "]":
            values.append(self._value())
        self._expect("]")
        return values

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        if not token:
            raise GraphQLError("Unexpected end of document")
        self._at += 1
        return token

    def _expect(self, wanted: str) -> None:
        token = self._take()
        if token != wanted:
            raise GraphQLError(f"Expected {wanted!r}, actual: {token!r}")
