"""The digest as a page sees it: every figure, name and date already in the reader's language."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any, TypeVar

from babel.dates import format_date

from domain.digest import (
    Credential,
    CredentialEnd,
    Digest,
    DigestEntry,
    DigestMail,
    DigestMessage,
    DigestReturn,
    Health,
    Inbox,
    Restrained,
)
from domain.links import Thing
from domain.mail import Kind
from domain.moves import Delivery
from domain.profile import Level
from notifications import digest_figures
from notifications.reader import LONGEST_LINE, LONGEST_SENTENCE, Reader
from notifications.wording import direction, isolated, one_line
from notifications.words import Words

ENDS_SOON = timedelta(days=30)  # so long before its end it is told that a secret must be renewed
SHOWN_OF_HASH = 12  # characters
# In which order what was set aside is looked through for mistakes: what is most likely to be one comes first.
DOUBTFUL_FIRST = (
    *(Kind.APPLICATION, Kind.UPDATE, Kind.WITHDRAWAL, Kind.ENQUIRY),
    *(Kind.OTHER, Kind.SPAM, Kind.BOUNCE, Kind.AUTO_REPLY, None),
)

WORDS_USED = frozenset(
    {
        *digest_figures.WORDS_USED,
        "kind_undecided",
        *(f"state_{state}" for state in Delivery),
        *("subject", "period", "caught_up", "needs_you", "new", "updated", "set_aside", "not_sent", "more", "colon"),
        *("answers_sent", "erased"),
        *("do_retry", "do_withdraw", "do_show", "do_search", "do_open", "do_send", "from_country", "country_unknown"),
        *("tag_new", "tag_updated", "eligible", "not_eligible", "eligible_unknown", "no_languages", "no_name"),
        *("no_subject", "no_reason", "level_native", "level_unknown", "last_pass", "never_read", "stale"),
        *("stale_never", "waiting", "quarantined", "unsent", "secret_ends", "secret_ended"),
        "templates_faulty",
        *(f"mail_{how}" for how in Restrained),
        *("rules_in_force", "rules_unused", "due"),
        *("inbox", "inbox_unknown", "inbox_undelivered", "inbox_by_hand", "inbox_came_back"),
        *(f"secret_{credential}" for credential in Credential),
        *("returned", "returned_answer", "returned_digest", "returned_for_good", "unanswered"),
    }
)
T = TypeVar("T")
View = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is shown; the rest is counted."""

    cards: int  # entries in full
    rows: int  # entries in one line, after those
    needs: int  # what needs a person, and mail that did not go out
    listed: int  # set aside


LIMITS = (
    Limits(cards=20, rows=180, needs=40, listed=60),
    Limits(cards=12, rows=120, needs=30, listed=40),
    Limits(cards=6, rows=60, needs=20, listed=20),
    Limits(cards=3, rows=20, needs=10, listed=10),
)


def view(digest: Digest, reader: Reader, limits: Limits) -> View:
    """All values of the page, by name."""
    words = reader.words
    people = {entry.message: entry for entry in digest.entries}
    cards = [_entry(entry, reader) for entry in digest.entries[: limits.cards + limits.rows]]
    needs = sorted((_need(message, people.get(message.message), reader) for message in digest.review), key=_urgent)
    return {
        "words": words.texts,
        "language": reader.language.value,
        "direction": direction(reader.language),
        "day": format_date(digest.day, "full", locale=reader.locale),
        "period": words.fill("period", since=reader.time(digest.since), until=reader.time(digest.until)),
        "caught_up": _caught_up(digest, words),
        "tiles": _tiles(digest, words),
        "quiet": not any(
            (digest.entries, digest.review, digest.unsent, digest.set_aside, digest.returned, digest.unanswered)
        ),
        "warnings": list(_warnings(digest, reader)),
        "needs": needs[: limits.needs],
        "needs_more": _more(needs, limits.needs, words),
        "cards": cards[: limits.cards],
        "rows": cards[limits.cards :],
        "rows_more": _more(digest.entries, limits.cards + limits.rows, words),
        "answers": list(_answers(digest, reader)),
        "unanswered": [_aside(message, reader) for message in digest.unanswered[: limits.listed]],
        "unanswered_more": _more(digest.unanswered, limits.listed, words),
        "set_aside": _by_kind(digest.set_aside, limits.listed, reader),
        "set_aside_more": _more(digest.set_aside, limits.listed, words),
        "unsent": [_mail(mail, reader) for mail in digest.unsent[: limits.needs]],
        "unsent_more": _more(digest.unsent, limits.needs, words),
        "returned": [_return(one, reader) for one in digest.returned[: limits.needs]],
        "returned_more": _more(digest.returned, limits.needs, words),
        "health": _health(digest, reader),
        "daily": digest_figures.daily(digest, reader),
        "charts": digest_figures.charts(digest, reader),
        "precision": digest_figures.precision(digest, reader),
    }


def subject(digest: Digest, reader: Reader) -> str:
    """One line that says whether the mail is worth opening now."""
    told = [
        f"{tile['label']}{reader.words['colon']} {tile['count']}"
        for tile in _tiles(digest, reader.words)
        if tile["tone"] != "calm"
    ]
    day = format_date(digest.day, "medium", locale=reader.locale)
    return f"{reader.words['subject']}{reader.comma}{day}" + (f" – {reader.comma.join(told)}" if told else "")


def _tiles(digest: Digest, words: Words) -> list[View]:
    updated = sum(entry.updated for entry in digest.entries)
    counts = (
        ("needs_you", len(digest.review), "urgent"),
        ("new", len(digest.entries) - updated, "good"),
        ("updated", updated, "good"),
        ("not_sent", len(digest.unsent), "urgent"),
        ("returned", len(digest.returned), "urgent"),
        ("set_aside", len(digest.set_aside), "calm"),
    )
    return [{"label": words[name], "count": count, "tone": tone if count else "calm"} for name, count, tone in counts]


def _need(message: DigestMessage, entry: DigestEntry | None, reader: Reader) -> View:
    do, command = _command(message, entry)
    return {
        **_aside(message, reader),
        "do": reader.words[do],
        "command": command,
        "tone": _tone(message.kind),
        "link": reader.link_to(Thing.MESSAGE, message.message),
    }


def _command(message: DigestMessage, entry: DigestEntry | None) -> tuple[str, str]:
    """What a person does about it: the word for it, and the command to copy (empty: none helps)."""
    if message.kind is None:
        return "do_retry", f"micic retry {message.message}"
    if entry is not None:
        return "do_show", f"micic roster show {entry.person}"
    if message.kind is Kind.WITHDRAWAL:
        return "do_withdraw", f"micic roster erase --withdrawal {message.message}"
    if message.kind in (Kind.UPDATE, Kind.OTHER):  # what is neither needs a person only where it corrects an entry
        return "do_search", _search(message.sender)
    return "do_open", ""


def _tone(kind: Kind | None) -> str:
    return "urgent" if kind in (None, Kind.WITHDRAWAL) else "warm"


def _urgent(need: View) -> bool:
    """For sorting: what is urgent first."""
    return bool(need["tone"] != "urgent")


def _caught_up(digest: Digest, words: Words) -> str:
    """Told where a digest makes up for days on which none went out."""
    days = round((digest.until - digest.since) / timedelta(days=1))
    return words.fill("caught_up", count=days) if days > 1 else ""


def _answers(digest: Digest, reader: Reader) -> Iterator[str]:
    words = reader.words
    if sent := sum(digest.answered.values()):
        kinds = reader.comma.join(f"{words[f'kind_{kind}']} {count}" for kind, count in digest.answered.items())
        yield f"{words.fill('answers_sent', count=sent)} ({kinds})"
    if digest.erased:
        yield words.fill("erased", count=digest.erased)


def _by_kind(messages: Sequence[DigestMessage], most: int, reader: Reader) -> list[View]:
    """What was set aside, kind by kind; `count` is of all of the kind, also where fewer are listed."""
    ranked = sorted(messages, key=lambda message: DOUBTFUL_FIRST.index(message.kind))
    counts = Counter(message.kind for message in messages)
    return [
        {
            "kind": reader.words[f"kind_{kind or 'undecided'}"],
            "count": counts[kind],
            "messages": [_aside(message, reader) for message in listed],
        }
        for kind, listed in groupby(ranked[:most], key=lambda message: message.kind)
    ]


def _aside(message: DigestMessage, reader: Reader) -> View:
    words = reader.words
    return {
        "number": reader.numbered(message.message),
        "sender": reader.shown(message.sender),
        "subject": reader.shown(message.subject) or words["no_subject"],
        "time": reader.time(message.arrived_at),
        "kind": words[f"kind_{message.kind or 'undecided'}"],
        "reasons": [reader.said(reason) for reason in message.reasons] or [words["no_reason"]],
    }


def _entry(entry: DigestEntry, reader: Reader) -> View:
    words = reader.words
    return {
        "number": reader.numbered(entry.person),
        "name": reader.shown(entry.name) or words["no_name"],
        "tag": words["tag_updated" if entry.updated else "tag_new"],
        "country": reader.lives_in(entry.residence),
        "languages": reader.comma.join(_language(*skill, reader) for skill in entry.languages) or words["no_languages"],
        "themes": [
            {"name": reader.call.themes[key][reader.language], "sentence": reader.shown(sentence, LONGEST_SENTENCE)}
            for key, sentence in entry.themes
        ],
        "notes": [_note(file_name, note, reader) for file_name, note in entry.notes],
        "eligible": entry.eligible,
        "mark": {True: "✓", False: "✗", None: "?"}[entry.eligible],
        "eligibility": reader.eligibility(entry.eligible),
        "command": f"micic roster show {entry.person}",
        "link": reader.link_to(Thing.ENTRY, entry.person),
    }


def _note(file_name: str, note: str, reader: Reader) -> str:
    said = reader.said(note)
    return f"{reader.shown(file_name)}{reader.words['colon']} {said}" if file_name else said


def _language(code: str, level: Level, reader: Reader) -> str:
    return f"{reader.language_name(code)} ({isolated(reader.level(level), reader.language)})"


def _mail(mail: DigestMail, reader: Reader) -> View:
    to = [reader.shown(recipient) for recipient in mail.recipients]
    return {
        "recipients": reader.comma.join(to),
        "state": reader.words[f"state_{mail.state}"],
        "error": reader.shown(mail.error, LONGEST_SENTENCE),
        "do": reader.words["do_send"],
        "command": "" if mail.state in (Delivery.QUEUED, Delivery.SENDING) else f"micic retry --mail {mail.outbox}",
        "link": reader.link_to(Thing.MAIL, mail.outbox),
    }


def _return(one: DigestReturn, reader: Reader) -> View:
    words = reader.words
    which = "returned_digest" if one.answers is None else "returned_answer"
    return {
        "recipients": reader.comma.join(reader.shown(recipient) for recipient in one.recipients),
        "which": words.fill(which, number=one.answers or one.outbox),
        "status": reader.shown(one.status, LONGEST_SENTENCE),
        "advice": words["returned_for_good"] if one.for_good else "",
        "do": words["do_search"],
        "command": "" if one.answers is None else _search(one.recipients[0]),
    }


def _search(address: str) -> str:
    # Quoted: the address is a stranger's, and the command is made to be pasted into a shell.
    return f"micic roster search {shlex.quote(one_line(address, limit=LONGEST_LINE))}"


def _warnings(digest: Digest, reader: Reader) -> Iterator[str]:
    last = digest.health.last_pass
    if last is None:
        yield reader.words["stale_never"]
    elif digest.health.overdue:
        yield reader.words.fill("stale", time=reader.time(last))
    yield from (_ending(end, reader) for end in digest.health.credentials if end.ends <= digest.day + ENDS_SOON)
    for restraint in digest.health.restraints:
        since = reader.time(restraint.since) if restraint.since else ""
        yield reader.words.fill(f"mail_{restraint.how}", time=since, address=restraint.to or "")
    if digest.health.faulty_templates:
        yield reader.words.fill("templates_faulty", places=", ".join(digest.health.faulty_templates))


def _ending(end: CredentialEnd, reader: Reader) -> str:
    return reader.words.fill(
        "secret_ended" if end.ends <= reader.now.date() else "secret_ends",
        what=reader.words[f"secret_{end.what}"],
        day=format_date(end.ends, "long", locale=reader.locale),
    )


def _health(digest: Digest, reader: Reader) -> list[str]:
    health, words = digest.health, reader.words
    told = [words.fill(name, count=count) for name, count in _moved(health) if count]
    last = words.fill("last_pass", time=reader.time(health.last_pass)) if health.last_pass else words["never_read"]
    counts = {"waiting": health.waiting, "quarantined": health.quarantined, "unsent": health.unsent}
    told += [words.fill(name, count=n) for name, n in counts.items()]
    return [last, *_account(health.inbox, words), *told, *_upkeep(health, reader)]


def _upkeep(health: Health, reader: Reader) -> Iterator[str]:
    """Of what is kept: by which rules mails are read, and what has grown old."""
    rules, due = health.rules, health.due
    if rules is not None:
        name = "rules_in_force" if rules.since else "rules_unused"
        day = reader.long_day(rules.since) if rules.since else ""
        yield reader.words.fill(name, hash=reader.shown(rules.hash[:SHOWN_OF_HASH]), day=day)
    if due is not None:
        yield reader.words.fill("due", count=due.entries, months=due.months)


def _account(found: Inbox | None, words: Words) -> Iterator[str]:
    """What lies in the inbox, in figures that add up; where they do not, what the rest is."""
    if found is None:
        return
    yield words.fill(
        "inbox",
        count=found.on_server,
        settled=found.settled,
        waiting=found.waiting,
        quarantined=found.quarantined,
    )
    if found.unknown:
        yield words.fill("inbox_unknown", count=found.unknown)
    if found.undelivered:
        yield words.fill("inbox_undelivered", count=found.undelivered)


def _moved(health: Health) -> tuple[tuple[str, int], ...]:
    return (("inbox_by_hand", health.by_hand), ("inbox_came_back", health.came_back))


def _more(listed: Sequence[T], most: int, words: Words) -> str:
    return words.fill("more", count=len(listed) - most) if len(listed) > most else ""
