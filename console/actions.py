"""What the buttons do: each first asks, then does it only if what stood there still stands there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from console.desk import Checked, NotAsked, Visit, still_there
from console.pages import level_name, seen, standing_of_skill, standing_of_tag
from domain.errors import StaleStage
from domain.links import Thing
from domain.moves import Delivery
from domain.profile import Level
from roster import corrections, ledger, outbox
from roster.corrections import NO, YES, Standing, Verdict
from roster.erasure import Erased
from roster.people import show as show_person
from roster.shown import show_mail, show_message
from roster.tables import REJECTED

LEVELS = (Level.NATIVE, Level.C, Level.B, Level.A)  # that a person can say


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a button carries."""

    do: str
    about: str = ""  # a theme, or the code of a language
    seen: str = ""  # what stood there when the page was made
    said: str = ""  # the level that is true instead


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked before it is done."""

    title: str
    lines: tuple[str, ...]  # what will happen
    yes: str  # on the button; empty: it cannot be done here, and the lines say what to do
    seen: str = ""
    choices: tuple[tuple[str, str], ...] = ()  # (what it says, in words)
    choose: str = ""


Done = tuple[str, ...]  # what was done, in lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    ask: Callable[[Visit, Wish], Question]
    do: Callable[[Visit, Wish], Done]


def action(visit: Visit, wish: Wish) -> Action:
    """NotAsked where the thing has no such button."""
    found = ACTIONS[visit.opened.place.what].get(wish.do)
    if found is None:
        raise NotAsked
    return found


def ask_retry(visit: Visit, _wish: Wish) -> Question:
    with still_there():
        show_message(visit.store, visit.id)
    title = visit.words.fill("ask_retry", number=visit.reader.numbered(visit.id))
    return Question(title=title, lines=(visit.words["retry_will"],), yes=visit.words["retry"])


def retry(visit: Visit, _wish: Wish) -> Done:
    if not ledger.retry(visit.store, [visit.id], now=visit.now):
        raise StaleStage
    return (visit.words.fill("retried", number=visit.reader.numbered(visit.id)),)


def ask_withdraw(visit: Visit, _wish: Wish) -> Question:
    words, reader = visit.words, visit.reader
    with still_there():
        checked = visit.desk.check(visit.id)
        if len(checked.people) != 1:
            command = f"micic roster erase ID --withdrawal {visit.id}"
            advice = words.fill("withdraw_whose", command=reader.command(command))
            return Question(title=words["withdraw"], lines=(advice,), yes="")
        name = show_person(visit.store, checked.people[0]).facts.name
    shown = reader.shown(name) or reader.words["no_name"]
    title = words.fill("ask_withdraw", who=shown, number=reader.numbered(checked.people[0]))
    findings = (words["withdraw_check"], *(reader.said(finding) for finding in checked.findings))
    if not checked.proven:
        command = f"micic roster erase --withdrawal {visit.id} --unproven"
        advice = words.fill("not_proven", command=reader.command(command))
        return Question(title=title, lines=(*findings, advice), yes="")
    lines = (*findings, words["withdraw_will"])
    return Question(title=title, lines=lines, yes=words["withdraw"], seen=_person(checked))


def withdraw(visit: Visit, wish: Wish) -> Done:
    with still_there():
        checked = visit.desk.check(visit.id)
        if not checked.proven or _person(checked) != wish.seen:
            raise StaleStage
        gone = visit.desk.erase(checked.people[0], actor=visit.actor, asked_by=visit.id)
    number = visit.reader.numbered(checked.people[0])
    return (visit.words.fill("erased", number=number), *_left_to_do(gone, visit))


def _person(checked: Checked) -> str:
    return " ".join(map(str, checked.people))


def _left_to_do(gone: Erased, visit: Visit) -> Done:
    words, comma = visit.words, visit.reader.comma
    numbers = {name: comma.join(map(str, ids)) for name, ids in (("shared", gone.shared), ("others", gone.left))}
    folders = comma.join(visit.reader.shown(folder) for folder in gone.folders)
    left = [words.fill("left_folders", folders=folders)] if folders else []
    return (*left, *(words.fill(f"left_{name}", numbers=listed) for name, listed in numbers.items() if listed))


def ask_right(visit: Visit, wish: Wish) -> Question:
    label, _ = _thing(visit, wish.about)
    title = visit.words.fill("ask_right", what=label)
    return Question(title=title, lines=(visit.words["right_will"],), yes=visit.words["yes"], seen=wish.seen)


def right(visit: Visit, wish: Wish) -> Done:
    label, stands = _thing(visit, wish.about)
    said = YES if stands.holds in (YES, NO) else stands.holds
    if said is None:
        raise NotAsked
    _put_down(visit, wish, said=said)
    return (visit.words.fill("right_done", what=label),)


def ask_wrong(visit: Visit, wish: Wish) -> Question:
    label, stands = _thing(visit, wish.about)
    words = visit.words
    title = words.fill("ask_wrong", what=label)
    if stands.holds in (YES, NO):
        return Question(title=title, lines=(words["wrong_will"],), yes=words["yes"], seen=wish.seen)
    choices = tuple((level.value, level_name(level, visit)) for level in LEVELS if level.value != stands.holds)
    none = ((REJECTED, words["level_none"]),) if stands.holds is not None else ()
    return Question(
        title=title,
        lines=(words["right_will"],),
        yes=words["yes"],
        seen=wish.seen,
        choices=(*choices, *none),
        choose=words["which_level"],
    )


def wrong(visit: Visit, wish: Wish) -> Done:
    label, stands = _thing(visit, wish.about)
    if stands.holds in (YES, NO):
        _put_down(visit, wish, said=NO)
        return (visit.words.fill("wrong_done", what=label),)
    if wish.said not in (*(level.value for level in LEVELS), REJECTED):
        raise NotAsked
    _put_down(visit, wish, said=wish.said)
    level = level_name(None if wish.said == REJECTED else Level(wish.said), visit)
    return (visit.words.fill("level_done", what=visit.reader.language_name(wish.about), level=level),)


def _thing(visit: Visit, key: str) -> tuple[str, Standing]:
    """The theme or language of the entry in words, and what stands there of it. NotAsked where it has no such."""
    reader = visit.reader
    with still_there():
        shown = show_person(visit.store, visit.id)
    for tag in shown.tags:
        if tag.key == key and key in reader.call.themes:
            return reader.call.themes[key][reader.language], standing_of_tag(tag)
    for skill in shown.languages:
        if skill.code == key:
            level = reader.shown(level_name(skill.holds, visit))
            return f"{reader.language_name(key)} ({level})", standing_of_skill(skill)
    raise NotAsked


def _put_down(visit: Visit, wish: Wish, *, said: str) -> None:
    """StaleStage where something else stands there than the page showed."""
    _, stands = _thing(visit, wish.about)
    if seen(stands) != wish.seen:
        raise StaleStage
    verdict = Verdict(key=wish.about, said=said, seen=stands)
    essential = visit.reader.call.essential_languages
    with still_there():
        corrections.put_down(visit.store, visit.id, [verdict], actor=visit.actor, now=visit.now, essential=essential)


def asks_of_mail(title: str, will: str, yes: str) -> Callable[[Visit, Wish], Question]:
    def ask(visit: Visit, wish: Wish) -> Question:
        with still_there():
            show_mail(visit.store, visit.id)
        words = visit.words
        unsure = will == "send_will" and wish.seen == Delivery.UNKNOWN
        return Question(
            title=words.fill(title, number=visit.reader.numbered(visit.id)),
            lines=(words["send_unknown_will" if unsure else will],),
            yes=words[yes],
            seen=wish.seen,
        )

    return ask


def gone(visit: Visit, _wish: Wish) -> Done:
    return _moved(visit, outbox.resolve(visit.store, [visit.id], Delivery.SENT, now=visit.now), "gone_done")


def never(visit: Visit, wish: Wish) -> Done:
    return _moved(visit, outbox.discard(visit.store, [visit.id], now=visit.now, seen=_state(wish)), "never_done")


def send(visit: Visit, wish: Wish) -> Done:
    state = _state(wish)
    if state is Delivery.UNKNOWN:
        moved = outbox.resolve(visit.store, [visit.id], Delivery.QUEUED, now=visit.now)
    else:
        moved = outbox.retry(visit.store, [visit.id], now=visit.now, seen=state)
    return _moved(visit, moved, "send_done")


def _state(wish: Wish) -> Delivery:
    try:
        return Delivery(wish.seen)
    except ValueError:
        raise NotAsked from None


def _moved(visit: Visit, moved: tuple[int, ...], done: str) -> Done:
    if not moved:
        raise StaleStage
    return (visit.words.fill(done, number=visit.reader.numbered(visit.id)),)


ACTIONS: Mapping[Thing, Mapping[str, Action]] = {
    Thing.MESSAGE: {"retry": Action(ask=ask_retry, do=retry), "withdraw": Action(ask=ask_withdraw, do=withdraw)},
    Thing.ENTRY: {"right": Action(ask=ask_right, do=right), "wrong": Action(ask=ask_wrong, do=wrong)},
    Thing.MAIL: {
        "gone": Action(ask=asks_of_mail("ask_gone", "gone_will", "gone"), do=gone),
        "never": Action(ask=asks_of_mail("ask_never", "never_will", "never"), do=never),
        "send": Action(ask=asks_of_mail("ask_send", "send_will", "send"), do=send),
        "release": Action(ask=asks_of_mail("ask_send", "send_will", "release"), do=send),
    },
}
