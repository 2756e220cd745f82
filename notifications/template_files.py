"""Template files compiled and complained about: what staff wrote may hold values, choices and lists, and no program."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.errors import Problem
from notifications.remarks import Remarks, read_remarks
from notifications.words import PLACEHOLDERS, Words, read_words

FOLDER = "config/templates"
LARGEST = 200_000  # characters of one file
ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.For,
    nodes.Getattr,
    nodes.Filter,
    nodes.Compare,
    nodes.Operand,
    nodes.Not,
    nodes.And,
    nodes.Or,
)
FILTERS = frozenset({"length", "join"})


class TemplateFiles:
    """The files of one folder, and what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._environments: dict[tuple[bool, bool], jinja2.Environment] = {}
        self.problems: list[Problem] = []

    def template(
        self, path: str, *, values: frozenset[str], escape: bool = False, layout: bool = False
    ) -> tuple[jinja2.Template | None, nodes.Template | None]:
        """The template and its syntax tree, None where it cannot be used: then a problem says why.

        `values`: names that it may use. `layout`: lines that hold only a tag leave no empty line.
        """
        source = self._read(path)
        if source is None:
            return None, None
        env = self._environment(escape, layout)
        name = str(self._folder / path)
        try:
            tree = env.parse(source, path, name)
            complaints = list(_complaints(tree, values))
            code: CodeType | None = None if complaints else env.compile(tree, path, name)
        except jinja2.TemplateSyntaxError as error:
            self._problem(path, error.lineno, error.message or "it cannot be understood")
            return None, None
        for line, complaint in complaints:
            self._problem(path, line, complaint)
        return (env.template_class.from_code(env, code, {}) if code else None), tree

    def words(
        self, path: str, wanted: frozenset[str], placeholders: Mapping[str, frozenset[str]] = PLACEHOLDERS
    ) -> Words | None:
        """The words, None where they cannot be used: then a problem says why."""
        source = self._read(path)
        if source is None:
            return None
        words, problems = read_words(source, wanted, placeholders)
        for line, message in problems:
            self._problem(path, line, message)
        return words

    def remarks(self, path: str) -> Remarks | None:
        """What the program says, in five languages; None where it cannot be used: then a problem says why."""
        source = self._read(path)
        if source is None:
            return None
        remarks, problems = read_remarks(source)
        for line, message in problems:
            self._problem(path, line, message)
        return remarks

    def try_out(self, path: str, trial: Callable[[], str | None]) -> None:
        """Run a trial that gives a complaint or None. Only what was met first is told of each template."""
        line = None
        try:
            complaint = trial()
        except (jinja2.TemplateError, TypeError, ValueError, OverflowError) as error:
            complaint = str(error)
            path, line = self._place_of(error) or (path, None)
        if complaint:
            self._problem(path, line, complaint)

    def _environment(self, escape: bool, layout: bool) -> jinja2.Environment:
        key = (escape, layout)
        if key not in self._environments:
            self._environments[key] = ImmutableSandboxedEnvironment(
                undefined=jinja2.StrictUndefined, autoescape=escape, trim_blocks=layout, lstrip_blocks=layout
            )
        return self._environments[key]

    def _read(self, path: str) -> str | None:
        try:
            source = (self._folder / path).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self._problem(path, None, "is missing: copy it from another language and translate it")
        except UnicodeDecodeError:
            self._problem(path, None, "is not UTF-8: save it with that encoding")
        except OSError as error:
            self._problem(path, None, f"cannot be read: {error.strerror}")
        else:
            if len(source) <= LARGEST:
                return source
            self._problem(path, None, f"is too large: at most {LARGEST} characters")
        return None

    def _problem(self, path: str, line: int | None, message: str) -> None:
        problem = Problem(file=f"{FOLDER}/{path}", line=line, message=message)
        if problem not in self.problems:
            self.problems.append(problem)

    def _place_of(self, error: Exception) -> tuple[str, int | None] | None:
        """The template and line that were rendered when the error arose: Jinja2 writes them into the traceback."""
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if Path(frame.filename).is_relative_to(self._folder):
                return Path(frame.filename).relative_to(self._folder).as_posix(), frame.lineno
        return None


def attributes_of(tree: nodes.Template | None, name: str) -> Iterator[str]:
    """What a template asks of one value: `title` of `words.title`."""
    for node in tree.find_all(nodes.Getattr) if tree else ():
        if isinstance(node.node, nodes.Name) and node.node.name == name:
            yield node.attr


def _complaints(tree: nodes.Template, values: frozenset[str]) -> Iterator[tuple[int, str]]:
    """What a template holds that it may not, with lines."""
    own = {loop.target.name for loop in tree.find_all(nodes.For) if isinstance(loop.target, nodes.Name)} | {"loop"}
    for node in _walk(tree):
        if not isinstance(node, ALLOWED):
            yield node.lineno, f"{type(node).__name__.lower()} is not possible here: only values, if and for"
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield node.lineno, f"no filter is called {node.name}: there are {', '.join(sorted(FILTERS))}"
        elif isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in values | own:
            yield node.lineno, f"no value is called {node.name}: there are {', '.join(sorted(values))}"


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)
