"""`micic rules`: try the staff's rules."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from service.commands.contract import HERE, NEEDS_A_PERSON, Config

if TYPE_CHECKING:  # loaded when a command needs them
    from rich.console import Console

    from extraction.rulebook import ExampleResult

app = typer.Typer(help="The tagging rules that staff own.", no_args_is_help=True)


@app.callback()
def rules() -> None:
    """The tagging rules that staff own."""


@app.command()
def check(
    config: Config = HERE,
    advice: Annotated[bool, typer.Option("--advice", help="Also what a person may have meant.")] = False,
) -> None:
    """Look for terms that find nothing, or more than they should, and for what is missing."""
    from collections import Counter

    from extraction.analyser import Analyser
    from extraction.rulebook import check_rules

    remarks = check_rules(config / "rules", Analyser())
    for remark in remarks:
        if remark.wrong or advice:
            typer.echo(f"{remark.problem} [{remark.kind}]")
    wrong = sum(remark.wrong for remark in remarks)
    kinds = Counter(remark.kind for remark in remarks if not remark.wrong)
    listed = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    hint = "" if advice or not kinds else "; --advice shows them"
    typer.echo(f"{wrong} to mend; advice: {listed or 'none'}{hint}")
    if wrong:
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def test(config: Config = HERE) -> None:
    """Try every rule on its own examples."""
    from rich.console import Console

    from extraction.analyser import Analyser
    from extraction.rulebook import load_rulebook, run_examples

    if show_failed(run_examples(load_rulebook(config / "rules"), Analyser()), Console()):
        raise typer.Exit(NEEDS_A_PERSON)


@app.command()
def impact(
    config: Config = HERE,
    everybody: Annotated[
        bool, typer.Option("--everybody", help="Try all CVs, not only those that the index gives.")
    ] = False,
    full: Annotated[bool, typer.Option("--full", help="Show all that change, however many.")] = False,
) -> None:
    """Show who on the roster would gain or lose what by the rules as they are edited. Nothing is changed."""
    from service.commands.impact import show_impact

    raise typer.Exit(show_impact(config, os.environ, everybody=everybody, everything=full))


def show_failed(results: Sequence[ExampleResult], out: Console) -> int:
    """The examples that fail, and how many they are."""
    from rich.markup import escape

    failed = [result for result in results if not result.passed]
    for result in failed:
        wish = "must match" if result.wanted else "must not match"
        out.print(f"config/rules/{result.file}: {result.rule}, {result.language}: {wish}: {escape(result.sentence)}")
        out.print(f"    {escape(result.why)}")
    out.print(f"{len(results)} examples, {len(failed)} fail")
    return len(failed)
