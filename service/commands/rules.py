"""`micic rules`: try the staff's rules."""

from __future__ import annotations

import typer

from service.commands.contract import HERE, NEEDS_A_PERSON, Config

app = typer.Typer(help="The tagging rules that staff own.", no_args_is_help=True)


@app.callback()
def rules() -> None:
    """The tagging rules that staff own."""


@app.command()
def test(config: Config = HERE) -> None:
    """Try every rule on its own examples."""
    from rich.console import Console
    from rich.markup import escape

    from extraction.analyser import Analyser
    from extraction.rulebook import load_rulebook, run_examples

    results = run_examples(load_rulebook(config / "rules"), Analyser())
    failed = [result for result in results if not result.passed]
    out = Console()
    for result in failed:
        wish = "must match" if result.wanted else "must not match"
        out.print(f"config/rules/{result.file}: {result.rule}, {result.language}: {wish}: {escape(result.sentence)}")
        out.print(f"    {escape(result.why)}")
    out.print(f"{len(results)} examples, {len(failed)} fail")
    if failed:
        raise typer.Exit(NEEDS_A_PERSON)
