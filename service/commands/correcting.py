"""`micic roster confirm` and `correct`: what staff say of what rules found."""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Sequence
from pathlib import Path

import typer
from babel import Locale

from domain.profile import INPUTS, THEMES
from roster import corrections
from roster.corrections import Said, Verdict
from service.wiring import now, open_house

AS_FOUND = "found"  # in place of a value: what rules find shall hold again
CODE = re.compile(r"[a-z]{2,3}")


def confirm(person: int, keys: Sequence[str], config: Path) -> None:
    with open_house(config, os.environ) as house:
        essential = house.call.essential_languages
        keys = [known(key) for key in keys]
        try:
            said = corrections.confirm(
                house.store, person, keys, actor=getpass.getuser(), now=now(), essential=essential
            )
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"person {person}: confirmed {', '.join(said) or 'nothing, since nothing holds'}")


def correct(person: int, words: Sequence[str], config: Path) -> None:
    verdicts = [verdict(word) for word in words]
    with open_house(config, os.environ) as house:
        essential = house.call.essential_languages
        try:
            corrections.put_down(house.store, person, verdicts, actor=getpass.getuser(), now=now(), essential=essential)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None
    typer.echo(f"person {person}: {', '.join(words)}")


def verdict(word: str) -> Verdict:
    """Such as return_reintegration=no, fr=C, de=none, en=found."""
    key, sign, said = word.partition("=")
    if not sign or not said:
        raise typer.BadParameter(f"{word} says nothing: write it as return_reintegration=no, fr=C or de=none")
    return Verdict(key=known(key), said=None if said == AS_FOUND else said)


def known(key: str) -> str:
    """Of a theme or an input of the call, or the code of a language."""
    key = key.strip().lower()
    if key in (*THEMES, *INPUTS) or (CODE.fullmatch(key) and key in Locale("en").languages):
        return key
    raise typer.BadParameter(f"{key} is no theme, input or language; there are {', '.join((*THEMES, *INPUTS))}")


def in_words(said: Said) -> str:
    """One line of the history of an entry."""
    found = "" if said.found is None else f", rules said {said.found}"
    return f"{said.at:%d %b %Y} {said.actor}: {said.key}={said.said or AS_FOUND}{found}"
