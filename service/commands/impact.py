"""`micic rules impact`: what an edit of config/rules would change over the whole roster, before it goes live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import Progress

from extraction.languages import load_language_rules
from extraction.rule_files import differing
from extraction.rulebook import load_rulebook, run_examples
from extraction.rulebook.load import EVERYDAY
from extraction.understand import Understander
from roster.retagging import names
from service.commands.contract import DONE, NEEDS_A_PERSON
from service.commands.rules import show_failed
from service.impact import Change, Impact, TagRules, impact
from service.in_force import kept_rules
from service.wiring import open_house

OF_LANGUAGES = frozenset({"languages.yaml", "levels.yaml"})
OF_TAGS = frozenset({"concepts.yaml", "cues.yaml", "inputs.yaml", EVERYDAY})
OF_MAILS = frozenset({"letters.yaml"})
SHOWN = 50


def show_impact(config: Path, environment: Mapping[str, str], *, everybody: bool, everything: bool) -> int:
    out, rules = Console(), config / "rules"
    edited = Understander.load(rules, essential_languages=())
    if show_failed(run_examples(edited.rulebook, edited.analyser), out):
        out.print("An example fails: mend the rule or the example first. Nothing was compared.")
        return NEEDS_A_PERSON
    with open_house(config, environment) as house, Progress(console=Console(stderr=True), transient=True) as progress:
        kept = kept_rules(house.settings.store.data)
        if kept is None:
            out.print("No rules are in force yet, so there is nothing to compare with: `micic run` keeps them.")
            return NEEDS_A_PERSON
        edits = differing(kept, rules)
        spoken = not OF_LANGUAGES.isdisjoint(edits)
        in_force = TagRules(rulebook=load_rulebook(kept), languages=load_language_rules(kept) if spoken else None)
        task = progress.add_task("trying CVs", total=None)
        found = impact(
            house.store,
            in_force,
            TagRules(rulebook=edited.rulebook, languages=edited.language_rules if spoken else None),
            edited.analyser,
            full=everybody,
            each=lambda done, of: progress.update(task, completed=done, total=of),
        )
        called = names(house.store, sorted({change.person for change in found.changes}))
    show(found, called, out, most=None if everything else SHOWN)
    for name in edits:
        if shows := when_it_shows(name):
            out.print(f"{name} differs too; {shows}")
    return DONE


def when_it_shows(name: str) -> str:
    """What becomes of an edit of a file that cannot be tried on stored CVs; empty where it was tried."""
    if name in OF_LANGUAGES | OF_TAGS or name.startswith("themes/"):
        return ""
    if name in OF_MAILS or name.startswith("triage/"):
        return "it decides of mails, and shows with those that come once it is in force"
    # By the others a CV is cut and its person known; a stored CV stays as it was cut when it came.
    return "what it changes shows once CVs are read again: `micic roster reread --all`"


def show(found: Impact, called: Mapping[int, str], out: Console, *, most: int | None) -> None:
    people = len({change.person for change in found.changes})
    why = ", since it is not bounded by words" if found.unbounded else ""
    out.print(f"People whose CVs the edit touches: {found.looked_at}{why}. Who gain or lose by it: {people}.")
    if found.unknown:
        out.print(
            f"{found.unknown} CVs were stored by an older version and not tried: `micic roster reread --all` first"
        )
    for change in found.changes[:most]:
        out.print(line_of(change, called))
        out.print(f"    {escape(change.evidence.sentence)} [dim]({escape(change.evidence.rule)})[/]")
    if most is not None and len(found.changes) > most:
        out.print(f"… and {len(found.changes) - most} more; --full shows them")
    gains = Counter(change.key for change in found.changes if change.gained)
    losses = Counter(change.key for change in found.changes if not change.gained)
    for key in sorted({*gains, *losses}):
        out.print(f"{key:40} {gains[key]} gain, {losses[key]} lose")


def line_of(change: Change, called: Mapping[int, str]) -> str:
    sign = "[green]+[/]" if change.gained else "[red]-[/]"
    why = f": {escape(change.reason)}" if change.reason else ""
    return f"{sign} {change.key}  {change.person} {escape(called.get(change.person, ''))}{why}"
