"""The staff's YAML files: read with the place of every key, checked against a model, every problem told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from domain.errors import Problem

Key = tuple[str, ...]  # from the section inwards, such as ("mailbox", "port")
Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a value stands: a file and line, or an environment variable."""

    file: str
    line: int | None = None

    def problem(self, message: str) -> Problem:
        return Problem(file=self.file, line=self.line, message=message)


@dataclass(slots=True, kw_only=True)
class Sheet:
    """The plain values of a file, and where each of them stands."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Key, Place] = field(default_factory=dict)

    def place(self, key: Key) -> Place:
        """Where the key stands; where it is missing, the section that should have it."""
        while key not in self.places:
            key = key[:-1]
        return self.places[key]


def read_sheet(path: Path, *, shown: str) -> tuple[Sheet, list[Problem]]:
    """The file `path`, called `shown` in problems. What is no YAML mapping gives an empty sheet and a problem."""
    sheet = Sheet(places={(): Place(file=shown)})
    try:
        text = path.read_text("utf-8")
        loaded = YAML(typ="rt").load(text)  # knows the lines
        values = YAML(typ="safe", pure=True).load(text)  # has values of plain types
    except OSError as error:
        return sheet, [Problem(file=shown, line=None, message=f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return sheet, [Problem(file=shown, line=line, message="is not UTF-8 here: save the file with encoding UTF-8")]
    except MarkedYAMLError as error:
        return sheet, [_syntax(error, shown)]
    except YAMLError as error:
        return sheet, [Problem(file=shown, line=None, message=f"is not YAML: {error}")]
    if loaded is None:
        return sheet, []
    if not isinstance(loaded, CommentedMap):
        return sheet, [Problem(file=shown, line=1, message='must consist of lines such as "key: value"')]
    sheet.places.update({key: Place(file=shown, line=line) for key, line in _lines(loaded, ())})
    sheet.values = {str(name): value for name, value in values.items()}
    return sheet, []


def _syntax(error: MarkedYAMLError, shown: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    problem = " ".join(str(error.problem or "cannot be understood").split())
    if problem.startswith("found duplicate key"):
        problem = problem.split(" with value")[0] + ": keep one of the two"
    else:
        problem = f"is not YAML here: {problem}; look for a missing space after a colon, a quotation mark or an indent"
    return Problem(file=shown, line=mark.line + 1 if mark else None, message=problem)


def _lines(node: Any, key: Key) -> Iterator[tuple[Key, int]]:
    """Every key and list item with its line, counted from 1."""
    if isinstance(node, CommentedMap):
        marks = node.lc.data or {}
        for name, value in node.items():
            inner = (*key, str(name))
            if name in marks:  # not where the key came in by a YAML merge
                yield inner, marks[name][0] + 1
            yield from _lines(value, inner)
    elif isinstance(node, CommentedSeq):
        for index, value in enumerate(node):
            inner = (*key, str(index))
            yield inner, node.lc.item(index)[0] + 1
            yield from _lines(value, inner)


def _given(values: Any, model: type[BaseModel]) -> Any:
    """The values without the known keys that are left empty: these mean the default."""
    if not isinstance(values, dict):
        return values
    return {
        name: _given(value, inner) if (inner := _section(model, name)) else value
        for name, value in values.items()
        if value is not None or name not in model.model_fields
    }


def _section(model: type[BaseModel], name: str) -> type[BaseModel] | None:
    """The model of the section of that name; None where the key holds a value, or is unknown."""
    kind = model.model_fields[name].annotation if name in model.model_fields else None
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def check(
    model: type[Model], sheet: Sheet, *, at: Key = (), context: dict[str, Any] | None = None
) -> tuple[Model | None, list[Problem]]:
    """The part of the sheet below `at` as a model; None, and every problem with its place, where it does not fit."""
    part: Any = sheet.values
    for name in at:
        part = part.get(name)
    try:
        return model.model_validate(_given({} if part is None else part, model), context=context), []
    except ValidationError as error:
        return None, [_problem(fault, model, sheet, at) for fault in error.errors(include_url=False)]


def _problem(fault: Any, model: type[BaseModel], sheet: Sheet, at: Key) -> Problem:
    key = (*at, *(str(step) for step in fault["loc"] if step != "[key]"))
    name = ".".join(key) or "the file"
    place = sheet.place(key)
    if fault["type"] == "extra_forbidden":
        return place.problem(unknown(key, siblings(model, key[len(at) : -1])))
    return place.problem(f"{name} {_in_words(fault)}")


def unknown(key: Key, known: Sequence[str]) -> str:
    """What to say of a key that means nothing here."""
    near = difflib.get_close_matches(key[-1], known, n=1, cutoff=0.6)
    where = f"in {'.'.join(key[:-1])}" if key[:-1] else "here"
    hint = f'did you mean "{near[0]}"?' if near else f"known are {', '.join(known)}"
    return f'"{key[-1]}" is not known {where}: {hint}'


def siblings(model: type[BaseModel], inside: Key) -> list[str]:
    """The names that are known inside this section of the model."""
    for name in inside:
        nested = _section(model, name)
        if nested is None:
            return []
        model = nested
    return list(model.model_fields)


def keys_of(model: type[BaseModel], prefix: Key = ()) -> Iterator[tuple[Key, FieldInfo]]:
    """Every key of the model that holds a value, sections left out."""
    for name, info in model.model_fields.items():
        nested = _section(model, name)
        if nested is not None:
            yield from keys_of(nested, (*prefix, name))
        else:
            yield (*prefix, name), info


_SAYINGS = {
    "missing": "is missing: it must be given",
    "string_type": "must be text: write it in quotation marks",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": 'must be a list: one "- item" a line',
    "tuple_type": 'must be a list: one "- item" a line',
    "dict_type": 'must be a section: indented lines "key: value" below it',
    "model_type": 'must be a section: indented lines "key: value" below it',
    "date_type": "must be a date such as 2016-07-01",
    "date_parsing": "must be a date such as 2016-07-01",
    "date_from_datetime_parsing": "must be a date such as 2016-07-01",
    "date_from_datetime_inexact": "must be a date such as 2016-07-01",
    "path_type": "must be a path, as text",
}
_BOUNDS = {
    "greater_than": ("gt", "must be more than"),
    "greater_than_equal": ("ge", "must be at least"),
    "less_than": ("lt", "must be less than"),
    "less_than_equal": ("le", "must be at most"),
}


def _in_words(fault: Any) -> str:
    """What is wrong with a value and what to write instead. Values are not repeated: they may be secret."""
    kind, context = fault["type"], fault.get("ctx", {})
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{words} {context[name]}"
    if kind.startswith("int_"):
        return "must be a whole number"
    if kind.startswith("float_"):
        return "must be a number"
    if kind.startswith("bool_"):
        return "must be true or false"
    if kind in ("enum", "literal_error"):
        return f"must be one of {context['expected']}"
    if kind == "value_error":
        return str(context["error"])
    return _SAYINGS.get(kind, str(fault["msg"]))
