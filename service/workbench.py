"""domain.ports.Workbench over the sandbox: untrusted bytes never meet a parser in this process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from domain.errors import ConfigProblem, Problem, StorageFails, Unreadable
from domain.mail import ParsedMessage
from domain.profile import DocumentText, ReadDocument, Understanding
from extraction.read import SECOND_READERS
from service.frames import Answer, Request, pack, unpack
from service.jobs import (
    LOAD_RULES,
    PARSE,
    READ,
    READERS,
    STEMS,
    UNDERSTAND,
    WALLS,
    Job,
    ParseArguments,
    ReadArguments,
    RulesArguments,
    StemsArguments,
    UnderstandArguments,
)
from service.sandbox import Failed, Files, Limits, Sandbox
from service.sandbox_folder import GIVEN, MADE
from service.sandbox_walls import Walls

Arguments = TypeVar("Arguments")
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxWorkbench:
    sandbox: Sandbox
    parse_limits: Limits
    read_limits: Limits
    understand_limits: Limits
    parse_extent: Mapping[str, int]  # of intake.parse.ParseLimits
    read_extent: Mapping[str, int]  # of extraction.readers.limits.ReadLimits
    rules: Path
    essential_languages: tuple[str, ...]

    def parse(self, raw: Path, parts: Path) -> ParsedMessage:
        given = ParseArguments(raw=GIVEN, parts=MADE, limits=self.parse_extent)
        return run(self.sandbox, PARSE, given, self.parse_limits, Files(given=raw, made=parts))

    def read(self, document: Path, *, media_type: str) -> DocumentText:
        given = ReadArguments(document=GIVEN, media_type=media_type, limits=self.read_extent)
        files = Files(given=document)
        try:
            return run(self.sandbox, READ, given, self.read_limits, files)
        except Failed as error:
            if media_type not in SECOND_READERS:
                raise
            try:
                return run(self.sandbox, READ, replace(given, again=True), self.read_limits, files)
            except Unreadable:
                raise error from None  # what ended the first says more

    def understand(self, message: ParsedMessage, documents: Sequence[ReadDocument], *, now: datetime) -> Understanding:
        given = UnderstandArguments(
            message=message,
            documents=tuple(documents),
            now=now,
            rules=self.rules.absolute(),
            essential_languages=self.essential_languages,
        )
        return run(self.sandbox, UNDERSTAND, given, self.understand_limits)

    def load_rules(self) -> str:
        """The hash of the rules in force. ConfigProblem names all that is wrong with them."""
        given = RulesArguments(rules=self.rules.absolute(), essential_languages=self.essential_languages)
        return run(self.sandbox, LOAD_RULES, given, self.understand_limits)

    def stems(self, text: str) -> tuple[tuple[str, ...], ...]:
        """What the search index holds for each word of a query."""
        return run(self.sandbox, STEMS, StemsArguments(text=text), self.understand_limits)

    def readers(self) -> frozenset[str]:
        """All readers of this program, by name and version."""
        found = run(self.sandbox, READERS, "", self.understand_limits)
        return frozenset(found)

    def walls(self) -> Walls:
        """Which walls stand around the children."""
        return walls(self.sandbox, self.understand_limits)


def walls(sandbox: Sandbox, limits: Limits) -> Walls:
    """Which walls stand around the children."""
    return run(sandbox, WALLS, "", limits)


def run(
    sandbox: Sandbox, job: Job[Arguments, Result], given: Arguments, limits: Limits, files: Files | None = None
) -> Result:
    """One job in a child. Raises what the job raised; StorageFails where its disk fails, RuntimeError at a bug."""
    request = Request(job=job.name, seconds=limits.seconds, memory=limits.memory, disk=limits.disk)
    answer, value = unpack(Answer, sandbox.run(pack(request, job.arguments.dump_json(given)), limits, files))
    if answer.unreadable is not None:
        raise (Failed if answer.failed else Unreadable)(answer.unreadable)
    if answer.problems is not None:
        raise ConfigProblem(*(Problem(file=file, line=line, message=said) for file, line, said in answer.problems))
    if answer.storage is not None:
        raise StorageFails(f"mails cannot be taken apart: {answer.storage} in the folder for temporary files")
    if answer.bug is not None:
        raise RuntimeError(f"{job.name} met a bug: {answer.bug}")
    return job.result.validate_json(value)
