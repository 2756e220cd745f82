"""A person's themes, inputs and languages in a terminal, each with the evidence for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from domain.call import Call
from domain.mail import ReplyLanguage
from domain.profile import Evidence, practice

Because = Callable[[Evidence], str]  # what is told of a piece of evidence behind its sentence

APART = "seen, and not counted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A theme or an input, as it is shown."""

    title: str
    holds: bool
    evidence: tuple[Evidence, ...]  # counted or not


def show_tags(tags: Sequence[Found], out: Console, *, because: Because) -> None:
    """Those that hold with what speaks for them; below them what was seen and not counted, with the reason."""
    for tag in tags:
        if tag.holds:
            counted = [place for place in tag.evidence if place.counted]
            out.print(Text.assemble("  ", (tag.title, "green"), "  ", (worked(counted), "dim")))
            show_sentences(counted, out, because=because)
    apart = [(tag.title, place) for tag in tags for place in once(tag.evidence) if not place.counted]
    if apart:
        out.print(f"  [dim]{APART}[/]")
    for title, place in apart:
        line = Text.assemble((f"{title}, {place.reason}: ", "dim"), place.sentence, (f"  {because(place)}", "dim"))
        out.print(Padding(line, (0, 0, 0, 4)))


def show_sentences(evidence: Iterable[Evidence], out: Console, *, because: Because) -> None:
    for place in once(evidence):
        out.print(Padding(Text.assemble(place.sentence, (f"  {because(place)}", "dim")), (0, 0, 0, 4)))


def once(evidence: Iterable[Evidence]) -> list[Evidence]:
    """Without what a newer CV says in the same words."""
    return list({(place.sentence, place.counted, place.rule): place for place in evidence}.values())


def worked(evidence: Iterable[Evidence]) -> str:
    """For how long it was somebody's work, in a few words."""
    found = practice(evidence)
    if found is None:
        return "in no dated post"
    return f"{found.years} year{'s' if found.years > 1 else ''}, last in {found.last}"


def by_rule(place: Evidence) -> str:
    return f"({place.rule}, page {place.page})" if place.page else f"({place.rule})"


def explained(place: Evidence, *, texts: Mapping[str, str]) -> str:
    """From the text to the tag: the words that matched, where they stand, and the rule that knows them."""
    words = " ".join(texts[place.part_path][place.start : place.end].split())
    where = [place.section.value.replace("_", " ")]
    where += [f"page {place.page}"] if place.page else []
    where += [f"post of {'–'.join(map(str, dict.fromkeys(place.years)))}"] if place.years else []
    stands = f"document {place.part_path}, characters {place.start}–{place.end}"
    return f"\n“{words}” in {', '.join(where)}; {stands}; rule {place.rule}"


def title(key: str, call: Call) -> str:
    """A theme in the words of the call; an input by its key."""
    named = call.themes.get(key)
    return named[ReplyLanguage.EN] if named else key.replace("_", " ").capitalize()
