"""`micic preview`: what our mails say, filled in with samples. Neither mailbox nor store is needed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import cast

import jinja2
import typer

from domain.call import Call
from domain.decision import Acknowledgement, OutgoingMail
from domain.errors import ConfigProblem, Problem, gathered
from domain.mail import Address, ReplyLanguage
from domain.profile import Level
from notifications import acknowledgement, digest, sample_days, samples
from notifications.reader import no_link
from notifications.templates import ACKNOWLEDGEMENTS, Templates
from notifications.wording import direction
from service.call import load_call
from service.commands.contract import DONE
from service.commands.letters import body, in_words, subject, write_page

DIGEST = "digest"
TEMPLATES = (*ACKNOWLEDGEMENTS, DIGEST)
APPLICANT = Address(name="Amina Haddad", email="amina@example.org")
CLOSING = date(2019, 1, 31)
SPOKEN = (("ar", Level.NATIVE), ("en", Level.C), ("fr", Level.B), ("es", Level.UNKNOWN))
LINKED = "links"  # the case of the digest with links, as where console.url is set
INDEX = "index.html"


def list_all() -> int:
    """What there is to be shown."""
    typer.echo(f"templates  {', '.join(TEMPLATES)}")
    typer.echo(f"languages  {', '.join(ReplyLanguage)}")
    typer.echo(f"cases      {', '.join(samples.letters())}")
    typer.echo(f"           of the digest: {', '.join(cases(DIGEST))}")
    typer.echo("\nFor instance: micic preview --template received --language fr --html page.html")
    typer.echo("Everything, to be looked through in a browser: micic preview --all preview")
    return DONE


def show(config: Path, *, template: str, language: str, case: str, html: Path | None) -> int:
    """Subject and text as they are sent, and the page into a file. ConfigProblem where there is no such thing."""
    known(template, TEMPLATES, "template")
    known(language, ReplyLanguage, "language")
    known(case, cases(template), "case")
    call, templates = loaded(config)
    mail = filled_in(template, ReplyLanguage(language), case, call=call, templates=templates)
    typer.echo(in_words(mail), nl=False)
    if html is not None:
        write_page(html, body(mail, "html"))
        typer.echo(f"\nas a page: {html}", err=True)
    return DONE


def show_all(config: Path, folder: Path) -> int:
    """Every template in every language and case, as page and as text, and an index of them, into a folder."""
    call, templates = loaded(config)
    for template in TEMPLATES:
        for language in ReplyLanguage:
            for case in cases(template):
                mail = filled_in(template, language, case, call=call, templates=templates)
                name = f"{template}-{language}-{case}"
                write_page(folder / f"{name}.html", body(mail, "html"))
                write_page(folder / f"{name}.text.html", page_of_text(mail, language))
    index = page("overview.html").render(
        templates={template: tuple(cases(template)) for template in TEMPLATES}, languages=tuple(ReplyLanguage)
    )
    write_page(folder / INDEX, index)
    typer.echo(f"open it in a browser: {folder / INDEX}")
    return DONE


def cases(template: str) -> Iterable[str]:
    return (*sample_days.pages(), LINKED) if template == DIGEST else samples.letters()


def loaded(config: Path) -> tuple[Call, Templates]:
    problems: list[Problem] = []
    call = gathered(lambda: load_call(config), problems)
    templates = gathered(lambda: Templates.load(config / "templates"), problems)
    if call is None or templates is None:
        raise ConfigProblem(*problems)
    return call, templates


def filled_in(template: str, language: ReplyLanguage, case: str, *, call: Call, templates: Templates) -> OutgoingMail:
    """The mail of a template with the values of a sample and the real words of the call. KeyError: no such case."""
    if template != DIGEST:
        return letter(template, language, samples.letters()[case], call=call, templates=templates)
    link = samples.link if case == LINKED else no_link
    return digest.compose(
        sample_days.pages()["full" if case == LINKED else case],
        reader=templates.reader(language, call=call, now=samples.NOW, link=link),
        templates=templates,
        recipients=("team@example.org",),
    )


def page_of_text(mail: OutgoingMail, language: ReplyLanguage) -> str:
    """The plain text of a mail as a page, so that a browser shows it in the right direction."""
    return page("overview_text.html").render(
        language=language.value, direction=direction(language), subject=subject(mail), text=body(mail, "plain")
    )


def page(name: str) -> jinja2.Template:
    env = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return env.from_string(Path(__file__).with_name(name).read_text(encoding="utf-8"))


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
        languages=SPOKEN if values["languages"] else (),
        themes=tuple(call.themes)[-2:] if values["themes"] else (),
    )
    closes = CLOSING if values["closes"] else None
    as_case = replace(call, closes=closes, keep_after_closing=bool(values["kept"]))
    return acknowledgement.compose(ack, call=as_case, templates=templates, message_key="preview", now=samples.NOW)
