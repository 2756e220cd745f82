"""What a page shows, already in the words of the reader. Nothing here changes anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from email import policy
from email.parser import BytesHeaderParser
from typing import Any

from console.desk import Visit, still_there
from domain.links import Place, Thing
from domain.mail import Fate, Kind
from domain.moves import Delivery, Stage
from domain.profile import Level
from notifications.reader import LONGEST_SENTENCE
from roster.corrections import NO, YES, Standing
from roster.people import Contact, SkillShown, TagShown, Witness
from roster.people import show as show_person
from roster.shown import MessageShown, PartShown, show_mail, show_message
from roster.tables import REJECTED, About, AddressKind

View = Mapping[str, Any]
UNTOLD = (Fate.BODY, Fate.CONTAINER)  # parts that are there in every mail
MOST_SENTENCES = 3
NOTHING = "-"
BUTTONS_OF_MAIL = {
    Delivery.UNKNOWN: ("gone", "send", "never"),
    Delivery.HELD: ("release", "never"),
    Delivery.GIVEN_UP: ("send", "never"),
}


def message_page(visit: Visit) -> View:
    with still_there():
        shown = show_message(visit.store, visit.id)
    reader, words = visit.reader, visit.words
    return {
        "heading": words.fill("message", number=reader.numbered(shown.id)),
        "name": reader.shown(shown.subject) or reader.words["no_subject"],
        "facts": [
            (words["sender"], reader.shown(shown.sender)),
            (words["arrived"], reader.time(shown.arrived_at)),
            (words["stage"], words[f"stage_{shown.stage}"]),
            (words["kind"], reader.words[f"kind_{shown.kind or 'undecided'}"]),
        ],
        "reasons": [reader.said(one) for one in shown.reasons] or [reader.words["no_reason"]],
        "parts": [_part(one, visit) for one in shown.parts if one.fate not in UNTOLD],
        "entries": [_entry_link(person, visit) for person in shown.people],
        "buttons": list(_buttons_of_message(shown, visit)),
    }


def _part(part: PartShown, visit: Visit) -> View:
    reader = visit.reader
    return {
        "file": reader.shown(part.file_name or ""),
        "fate": visit.words[f"fate_{part.fate}"],
        "reasons": [reader.said(line) for line in part.reason.split("\n") if line],
    }


def _entry_link(person: int, visit: Visit) -> View:
    text = visit.words.fill("see_entry", number=visit.reader.numbered(person))
    return {"href": visit.link(Place(what=Thing.ENTRY, id=person)), "text": text}


def _buttons_of_message(shown: MessageShown, visit: Visit) -> Iterator[View]:
    if shown.stage is Stage.QUARANTINED:
        yield {"do": "retry", "label": visit.words["retry"], "seen": ""}
    if shown.stage is Stage.SETTLED and shown.kind is Kind.WITHDRAWAL:
        yield {"do": "withdraw", "label": visit.words["withdraw"], "seen": ""}


def entry_page(visit: Visit) -> View:
    with still_there():
        shown = show_person(visit.store, visit.id)
    reader, words, facts = visit.reader, visit.words, shown.facts
    themes = [one for one in shown.tags if one.about is About.THEME and (one.holds or one.confirmed is not None)]
    return {
        "heading": words.fill("entry", number=reader.numbered(shown.facts.id)),
        "name": reader.shown(facts.name) or reader.words["no_name"],
        "country": reader.lives_in(facts.residence),
        "eligibility": reader.eligibility(facts.eligible),
        "contacts": [_contact(one, visit) for one in shown.contacts],
        "languages": [_skill(one, visit) for one in shown.languages],
        "themes": [_theme(one, visit) for one in themes],
    }


def _contact(one: Contact, visit: Visit) -> View:
    notes = ["wrote_for"] * (not one.own) + ["came_back"] * (one.bounced_at is not None)
    scheme = "mailto" if one.kind is AddressKind.EMAIL else "tel"
    return {"value": one.value, "href": f"{scheme}:{one.value}", "notes": [visit.words[note] for note in notes]}


def _skill(skill: SkillShown, visit: Visit) -> View:
    spoken = skill.holds is not None
    return {
        "key": skill.code,
        "name": visit.reader.language_name(skill.code),
        "level": level_name(skill.holds, visit),
        "seen": seen(standing_of_skill(skill)),
        "said": "" if skill.confirmed is None else visit.words["said_right" if spoken else "said_wrong"],
        "sentences": _sentences(skill.witnesses, visit),
        "buttons": ["right", "wrong"] if skill.confirmed is None and spoken else ["wrong"],
    }


def level_name(level: Level | None, visit: Visit) -> str:
    return visit.words["level_none"] if level is None else visit.reader.level(level)


def _theme(tag: TagShown, visit: Visit) -> View:
    reader = visit.reader
    said = {None: "", True: visit.words["said_right"], False: visit.words["said_wrong"]}[tag.confirmed]
    return {
        "key": tag.key,
        "name": reader.call.themes[tag.key][reader.language],
        "seen": seen(standing_of_tag(tag)),
        "said": said,
        "sentences": _sentences(tag.witnesses, visit),
        "buttons": [name for name, answer in (("right", True), ("wrong", False)) if tag.confirmed is not answer],
    }


def _sentences(witnesses: tuple[Witness, ...], visit: Visit) -> list[str]:
    counted = dict.fromkeys(one.evidence.sentence for one in witnesses if one.evidence.counted)
    return [visit.reader.shown(sentence, LONGEST_SENTENCE) for sentence in counted][:MOST_SENTENCES]


def standing_of_tag(tag: TagShown) -> Standing:
    return Standing(holds=YES if tag.holds else NO, confirmed=tag.confirmed is not None)


def standing_of_skill(skill: SkillShown) -> Standing:
    return Standing(holds=skill.holds and skill.holds.value, confirmed=skill.confirmed is not None)


def seen(standing: Standing) -> str:
    """As a button carries it, so that an old page is recognised."""
    return f"{standing.holds or REJECTED} {'said' if standing.confirmed else 'found'}"


def mail_page(visit: Visit) -> View:
    with still_there():
        shown = show_mail(visit.store, visit.id)
    reader, words = visit.reader, visit.words
    subject = str(BytesHeaderParser(policy=policy.default).parsebytes(shown.mail.content).get("Subject", ""))
    facts = [
        (words["to"], reader.comma.join(reader.shown(one) for one in shown.mail.recipients)),
        (words["state"], words["discarded"] if shown.discarded else reader.words[f"state_{shown.state}"]),
    ]
    if shown.error and not shown.discarded:
        facts.append((words["error"], reader.said(shown.error)))
    do = () if shown.discarded else BUTTONS_OF_MAIL.get(shown.state, ())
    return {
        "heading": words.fill("mail", number=reader.numbered(shown.id)),
        "name": reader.shown(subject) or reader.words["no_subject"],
        "facts": facts,
        "buttons": [{"do": one, "label": words[one], "seen": shown.state.value} for one in do],
    }
