"""The jobs that run in the sandbox. Both sides read this table: the parent writes arguments and checks what comes back.

Only the child calls the functions, and only then are the parsers loaded.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from domain.mail import ParsedMessage
from domain.profile import DocumentText, ReadDocument, Understanding
from service.sandbox_walls import Walls

Arguments = TypeVar("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseArguments:
    raw: Path
    parts: Path
    limits: Mapping[str, int]  # of intake.parse.ParseLimits


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArguments:
    document: Path
    media_type: str
    limits: Mapping[str, int]  # of extraction.readers.limits.ReadLimits
    again: bool = False  # by the second reader of its type


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderstandArguments:
    message: ParsedMessage
    documents: tuple[ReadDocument, ...]
    now: datetime
    rules: Path
    essential_languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesArguments:
    rules: Path
    essential_languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StemsArguments:
    text: str  # words to search for


@dataclass(frozen=True)
class Job(Generic[Arguments, Result]):
    name: str
    function: Callable[[Arguments], Result]
    takes: type[Arguments]
    gives: type[Result]

    @cached_property
    def arguments(self) -> TypeAdapter[Arguments]:
        return TypeAdapter(self.takes)

    @cached_property
    def result(self) -> TypeAdapter[Result]:
        return TypeAdapter(self.gives)

    def run(self, arguments: bytes) -> bytes:
        """In the child: JSON to JSON."""
        return self.result.dump_json(self.function(self.arguments.validate_json(arguments)))


def parse(given: ParseArguments) -> ParsedMessage:
    from intake.parse import ParseLimits, parse  # noqa: PLC0415 - loaded in the child only

    return parse(given.raw, given.parts, ParseLimits(**given.limits))


def read(given: ReadArguments) -> DocumentText:
    from extraction.read import read  # noqa: PLC0415 - loaded in the child only
    from extraction.readers.limits import ReadLimits  # noqa: PLC0415

    limits = ReadLimits(**given.limits)
    return read(given.document, media_type=given.media_type, limits=limits, again=given.again)


def understand(given: UnderstandArguments) -> Understanding:
    understander = _understander(given.rules, given.essential_languages)
    understanding: Understanding = understander.understand(given.message, given.documents, now=given.now)
    return understanding


def load_rules(given: RulesArguments) -> str:
    """The hash of the rules. ConfigProblem names all that is wrong with them."""
    understander = _understander(given.rules, given.essential_languages)
    found: str = understander.rulebook.hash
    return found


def stems(given: StemsArguments) -> tuple[tuple[str, ...], ...]:
    """The stems of each word, as it may be of any of the five languages: that of a query is not known."""
    from extraction.analyser import LANGUAGES, Analyser  # noqa: PLC0415 - loaded in the child only

    analyser = Analyser()
    words = given.text.split()
    found = [tuple(dict.fromkeys(analyser.stems(word, language) for language in LANGUAGES)) for word in words]
    return tuple(forms for forms in found if all(forms))


@cache
def _understander(rules: Path, essential_languages: tuple[str, ...]) -> Any:
    from extraction.understand import Understander  # noqa: PLC0415 - loaded in the child only, once

    loaded = Understander.load(rules, essential_languages=essential_languages)
    gc.freeze()  # rules live as long as the process: the collector need not walk them for every document
    return loaded


def readers(_given: str) -> tuple[str, ...]:
    """By name and version."""
    from extraction.read import versions  # noqa: PLC0415 - loaded in the child only

    return tuple(sorted(versions()))


def known_to_the_child(_given: str) -> Walls:
    raise LookupError("which walls stand is known to the child alone")


PARSE = Job("parse", parse, ParseArguments, ParsedMessage)
READ = Job("read", read, ReadArguments, DocumentText)
UNDERSTAND = Job("understand", understand, UnderstandArguments, Understanding)
LOAD_RULES = Job("load_rules", load_rules, RulesArguments, str)
STEMS = Job("stems", stems, StemsArguments, tuple[tuple[str, ...], ...])
READERS = Job("readers", readers, str, tuple[str, ...])
WALLS = Job("walls", known_to_the_child, str, Walls)  # service.sandbox_child puts in what it knows
JOBS: Mapping[str, Job[Any, Any]] = {job.name: job for job in (PARSE, READ, UNDERSTAND, LOAD_RULES, STEMS, READERS)}
