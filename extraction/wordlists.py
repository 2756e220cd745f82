"""Files of config/rules that hold lists of words, read into lexicons. Whatever is wrong is told by file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from domain.errors import ConfigProblem, Problem
from extraction.lexicon import Lexicon


@dataclass(frozen=True, slots=True, kw_only=True)
class WordList:
    """One file: its sections, each a list of phrases, lists of such lists, or lists by language."""

    file: str  # as staff would name it
    content: dict[str, Any]

    def __getitem__(self, section: str) -> Any:
        """Raises ConfigProblem where the section is missing."""
        value = self.content.get(section)
        if not value:
            raise ConfigProblem(Problem(file=self.file, line=None, message=f"write the section `{section}:` again"))
        return value

    def keys(self, section: str) -> dict[str, Any]:
        """A section that has parts of its own. Raises ConfigProblem where it has none."""
        value = self[section]
        if not isinstance(value, dict):
            message = f"below `{section}:`, write a line `name:` before each list"
            raise ConfigProblem(Problem(file=self.file, line=None, message=message))
        return value

    def lexicon(self, section: str) -> Lexicon[str]:
        """The phrases of a section."""
        return Lexicon((phrase, phrase) for phrase in phrases(self[section]))


def read_word_list(folder: Path, name: str) -> WordList:
    """Read a file of the folder of rules. Raises ConfigProblem where it is missing, no UTF-8 or no YAML."""
    file = f"config/rules/{name}"
    try:
        content = YAML(typ="safe").load((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigProblem(Problem(file=file, line=None, message="the file is missing")) from error
    except UnicodeDecodeError as error:
        raise ConfigProblem(Problem(file=file, line=None, message="save it as UTF-8")) from error
    except YAMLError as error:
        mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
        what = (error.problem if isinstance(error, MarkedYAMLError) else None) or "this is no YAML"
        message = f"{what}; put text with : # ' or quotes between double quotes, and indent with spaces"
        raise ConfigProblem(Problem(file=file, line=mark.line + 1 if mark else None, message=message)) from error
    if not isinstance(content, dict):
        raise ConfigProblem(Problem(file=file, line=1, message="write `name:` lines with lists of words below"))
    return WordList(file=file, content=content)


def phrases(value: Any) -> Iterator[str]:
    """All phrases of a value, however they are grouped."""
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        if value is not None:
            yield str(value)
        return
    for part in value:
        yield from phrases(part)
