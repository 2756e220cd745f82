"""The staff's templates: read once, checked before use, then only filled in. How to write them: docs/templates.md."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from domain.errors import ConfigProblem, Problem
from domain.mail import ReplyLanguage
from notifications import samples
from notifications.wording import as_html, as_letter, direction

ACKNOWLEDGEMENTS = ("received", "unreadable", "update", "enquiry", "withdrawal", "closed")
FRAME = "frame.html"
FRAME_VALUES = frozenset({"language", "direction", "title", "call", "letter", "small_print"})
SUBJECT = "Subject:"
LARGEST = 200_000  # characters of one template

# What a template may hold: values, choices and lists. Anything else would be a program.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A mail's words. The subject is one line; the text ends with a line feed."""

    subject: str
    text: str
    html: str


class Templates:
    """All templates of config/templates/, known to be sound."""

    def __init__(self, letters: Mapping[tuple[str, ReplyLanguage], jinja2.Template], frame: jinja2.Template) -> None:
        self._letters = letters
        self._frame = frame

    @classmethod
    def load(cls, folder: Path) -> Templates:
        """Read, compile and try every template in every language. ConfigProblem names all that is wrong, by line."""
        sources = Sources(folder)
        frame = sources.compiled(FRAME, allowed=FRAME_VALUES, escape=True)
        letters = {
            (name, language): sources.compiled(f"{name}/{language}.txt", allowed=frozenset(samples.ACKNOWLEDGEMENT))
            for name in ACKNOWLEDGEMENTS
            for language in ReplyLanguage
        }
        found = {key: letter for key, letter in letters.items() if letter is not None}
        if frame is not None:
            templates = cls(found, frame)
            for (name, language), letter in found.items():
                sources.try_out(letter.name or name, partial(_first_complaint, templates, name, language))
        if sources.problems or frame is None:
            raise ConfigProblem(*dict.fromkeys(sources.problems))
        return templates

    def letter(self, name: str, language: ReplyLanguage, values: Mapping[str, samples.Value]) -> Wording:
        """Fill in an acknowledgement. `values`: those of samples.ACKNOWLEDGEMENT. KeyError: no such template."""
        rendered = self._letters[name, language].render(values)
        first, _, body = rendered.lstrip("\n").partition("\n")
        if not first.startswith(SUBJECT):
            raise ValueError(f'the first line must be "{SUBJECT}" and then the subject of the mail')
        subject = " ".join(first.removeprefix(SUBJECT).split())
        letter, small_print = as_html(body)
        page = self._frame.render(
            language=language.value,
            direction=direction(language),
            title=subject,
            call=values["call"],
            letter=Markup(letter),  # noqa: S704 - as_html has escaped it
            small_print=Markup(small_print),  # noqa: S704 - likewise
        )
        return Wording(subject=subject, text=as_letter(body, language), html=page)


class Sources:
    """Template files and what is wrong with them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._plain = _environment(escape=False)
        self._escaping = _environment(escape=True)
        self.problems: list[Problem] = []

    def compiled(self, path: str, *, allowed: frozenset[str], escape: bool = False) -> jinja2.Template | None:
        """The template, None where it cannot be used: then a problem says why."""
        source = self._read(path)
        if source is None:
            return None
        env = self._escaping if escape else self._plain
        name = str(self._folder / path)
        try:
            tree = env.parse(source, path, name)
            complaints = list(_complaints(tree, allowed))
            for line, complaint in complaints:
                self.problem(path, line, complaint)
            if complaints:
                return None
            code: CodeType = env.compile(tree, path, name)
        except jinja2.TemplateSyntaxError as error:
            self.problem(path, error.lineno, f"{error.message or 'it cannot be understood'}")
            return None
        return env.template_class.from_code(env, code, {})

    def try_out(self, path: str, trial: Callable[[], str | None]) -> None:
        """Run a trial that gives a complaint or None. Only what was met first is told of each template."""
        try:
            complaint, line = trial(), None
        except (jinja2.TemplateError, TypeError, ValueError, OverflowError) as error:
            complaint = str(error)
            path, line = _place_of(error, self._folder) or (path, None)
        if complaint:
            self.problem(path, line, complaint)

    def problem(self, path: str, line: int | None, message: str) -> None:
        self.problems.append(Problem(file=f"config/templates/{path}", line=line, message=message))

    def _read(self, path: str) -> str | None:
        try:
            source = (self._folder / path).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self.problem(path, None, "is missing: copy it from another language and translate it")
        except UnicodeDecodeError:
            self.problem(path, None, "is not UTF-8: save it with that encoding")
        except OSError as error:
            self.problem(path, None, f"cannot be read: {error.strerror}")
        else:
            if len(source) <= LARGEST:
                return source
            self.problem(path, None, f"is too large: at most {LARGEST} characters")
        return None


def _environment(*, escape: bool) -> jinja2.Environment:
    return ImmutableSandboxedEnvironment(undefined=jinja2.StrictUndefined, autoescape=escape, extensions=())


def _first_complaint(templates: Templates, name: str, language: ReplyLanguage) -> str | None:
    for values in samples.acknowledgements():
        complaint = _complaint(templates.letter(name, language, values))
        if complaint:
            return complaint
    return None


def _complaint(wording: Wording) -> str | None:
    if not wording.subject:
        return "the subject is empty"
    if any(brace in wording.text for brace in ("{{", "}}", "{%", "%}")):
        return "braces are left over in the text: a value is written {{ name }}"
    return None if wording.text.strip() else "there is no text below the subject"


def _complaints(tree: nodes.Template, allowed: frozenset[str]) -> Iterator[tuple[int, str]]:
    """What a template holds that it may not, with lines."""
    own = {name.name for loop in tree.find_all(nodes.For) for name in _targets(loop)} | {"loop"}
    for node in _walk(tree):
        if not isinstance(node, ALLOWED):
            yield node.lineno, f"{type(node).__name__.lower()} is not possible here: only values, if and for"
        elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
            yield node.lineno, f"no filter is called {node.name}: there are {', '.join(sorted(FILTERS))}"
        elif isinstance(node, nodes.Name) and node.ctx == "load" and node.name not in allowed | own:
            yield node.lineno, f"no value is called {node.name}: there are {', '.join(sorted(allowed))}"


def _targets(loop: nodes.For) -> Iterator[nodes.Name]:
    if isinstance(loop.target, nodes.Name):
        yield loop.target


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    yield node
    for child in node.iter_child_nodes():
        yield from _walk(child)


def _place_of(error: Exception, folder: Path) -> tuple[str, int | None] | None:
    """The template and line that were rendered when the error arose: Jinja2 writes them into the traceback."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).is_relative_to(folder):
            return str(Path(frame.filename).relative_to(folder)), frame.lineno
    return None
