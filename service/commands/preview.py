"""`micic preview`: what our mails say, filled in with samples. Neither mailbox nor store is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import typer

from domain.call import Call
from domain.decision import Acknowledgement, OutgoingMail
from domain.errors import ConfigProblem, Problem, gathered
from domain.mail import Address, ReplyLanguage
from notifications import acknowledgement, digest, sample_days, samples
from notifications.templates import ACKNOWLEDGEMENTS, Templates
from service.call import load_call
from service.commands.contract import DONE
from service.commands.letters import body, in_words

DIGEST = "digest"
APPLICANT = Address(name="Amina Haddad", email="amina@example.org")
CLOSING = date(2019, 1, 31)


def list_all() -> int:
    """What there is to be shown."""
    typer.echo(f"templates  {', '.join((*ACKNOWLEDGEMENTS, DIGEST))}")
    typer.echo(f"languages  {', '.join(ReplyLanguage)}")
    typer.echo(f"cases      {', '.join(samples.letters())}")
    typer.echo(f"           of the digest: {', '.join(sample_days.pages())}")
    typer.echo("\nFor instance: micic preview --template received --language fr --html page.html")
    return DONE


def show(config: Path, *, template: str, language: str, case: str, html: Path | None) -> int:
    """Subject and text as they are sent, and the page into a file. ConfigProblem where there is no such thing."""
    pages, letters = sample_days.pages(), samples.letters()
    known(template, (*ACKNOWLEDGEMENTS, DIGEST), "template")
    known(language, ReplyLanguage, "language")
    known(case, pages if template == DIGEST else letters, "case")
    problems: list[Problem] = []
    call = gathered(lambda: load_call(config), problems)
    templates = gathered(lambda: Templates.load(config / "templates"), problems)
    if call is None or templates is None:
        raise ConfigProblem(*problems)
    if template == DIGEST:
        mail = digest.compose(
            pages[case],
            call=call,
            templates=templates,
            recipients=("team@example.org",),
            language=ReplyLanguage(language),
            now=samples.NOW,
        )
    else:
        mail = letter(template, ReplyLanguage(language), letters[case], call=call, templates=templates)
    typer.echo(in_words(mail), nl=False)
    if html is not None:
        try:
            html.write_text(body(mail, "html"), encoding="utf-8")
        except OSError as error:
            problem = Problem(file=str(html), line=None, message=f"cannot be written: {error.strerror}")
            raise ConfigProblem(problem) from None
        typer.echo(f"\nas a page: {html}", err=True)
    return DONE


def known(wanted: str, there: Iterable[str], what: str) -> None:
    names = list(map(str, there))
    if wanted not in names:
        listed = ", ".join(names)
        raise ConfigProblem(Problem(file=f"--{what}", line=None, message=f"there is no {wanted}, only {listed}"))


def letter(
    template: str, language: ReplyLanguage, values: dict[str, samples.Value], *, call: Call, templates: Templates
) -> OutgoingMail:
    """An acknowledgement with the values of a sample and the real words of the call."""
    ack = Acknowledgement(
        template=template,
        to=APPLICANT,
        language=language,
        name=str(values["name"]),
        subject=str(values["subject"]),
        in_reply_to=None,
        references=(),
        files=cast("tuple[str, ...]", values["files"]),
        unreadable=cast("tuple[str, ...]", values["unreadable"]),
    )
    closes = CLOSING if values["closes"] else None
    as_case = replace(call, closes=closes, keep_after_closing=bool(values["kept"]))
    return acknowledgement.compose(ack, call=as_case, templates=templates, message_key="preview", now=samples.NOW)
