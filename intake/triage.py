"""What kind of message it is and whom to answer: pure, from what parsing and extraction found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set

from domain.forwards import original_of
from domain.mail import STRANGER, Acquaintance, Address, Fate, Kind, ParsedMessage, Signal, Triage
from domain.profile import DocumentKind, Understanding
from intake.devices import is_device
from intake.robots import Robot, answers_nobody, list_addresses, recognise

# Rule sets of config/rules/triage/ that are asked for by name.
OUT_OF_OFFICE = "out_of_office"
TICKET = "ticket"
BOUNCE = "bounce"
# The same in whatever words: they count only where the mail wants nothing of the roster.
ABSENCE = "absence"
REGISTRY = "registry"
RETURNED = "returned"
TRADE = "trade"
ADVERTISING = "advertising"
FILTERED = "filtered"  # by the mail server
WITHDRAWAL = "withdrawal"
ENQUIRY = "enquiry"
UPDATE = "update"
NEWER = "newer"  # the CV is called updated
FIRST_TIME = "first_time"
NEW_DETAILS = "new_details"
APPLICATION = "application"
LINK = "link"
OWN_CV = "own_cv"
OWN_MAIL = "/asks_after_own_mail"  # the rule by which somebody asks whether their mail arrived
ABOUT_THE_CALL = "about_the_call"
OWN_BUSINESS = "own_business"
ANOTHER_MATTER = "another_matter"  # a plea, a press request, an internship: whatever it asks, it is not of the call
THANKS = "thanks"  # of config/rules/thanks.yaml: all of it thanks, and says nothing else

MAY_BE_A_CV = frozenset({DocumentKind.OTHER, DocumentKind.FORM})
REPLY = re.compile(r"\s*(?:re|aw|rép|resp|rv|رد|ответ|отв)\s*:", re.IGNORECASE)  # what follows may be ours
# Characters: robots and mail servers write less. Who writes more tells of a person's work in words that they use too.
LONGEST_OF_A_ROBOT = 1_500
IN_ANY_WORDS = {RETURNED: Kind.BOUNCE, REGISTRY: Kind.AUTO_REPLY, ABSENCE: Kind.AUTO_REPLY, TRADE: Kind.SPAM}
OURS_IN_A_REPLY = frozenset({ENQUIRY, ABOUT_THE_CALL, *IN_ANY_WORDS})  # what a subject says that answers ours
TAKEN_IN = ("received", "update")  # templates of our answers to somebody whose CV was entered
NOT_READ = "unreadable"  # of our answer where no CV could be read
CORRECTION = (
    "It answers our confirmation of what we understood from the CV; what it corrects, micic roster correct puts down."
)
ONLY_THANKS = "It thanks for our confirmation, and says nothing else."
NO_CV = "An application without a CV that can be read."


def triage(
    message: ParsedMessage, understanding: Understanding, *, own_addresses: Set[str], known: Acquaintance = STRANGER
) -> Triage:
    """Say what kind of message it is, whom an acknowledgement would go to, and what a person must look at.

    `known`: what the roster says of the sender; without a roster the words alone must tell.
    """
    machine = recognise(message, own_addresses)
    if machine and not _may_apply(message, understanding, machine):
        kind, reasons = _machine_kind(machine, understanding)
        return Triage(kind=kind, answer=None, why=reasons, review=())
    kind, why = _kind(message, understanding, known)
    if machine and machine.silent:
        doubt = (f"{machine.reason} Nobody is answered, but it may be a person's application.",)
        return Triage(kind=kind, answer=None, why=(why, machine.reason), review=doubt)
    if kind in (Kind.AUTO_REPLY, Kind.BOUNCE, Kind.SPAM, Kind.OTHER):
        if kind is not Kind.OTHER or known.answers not in TAKEN_IN:
            return Triage(kind=kind, answer=None, why=(why,), review=())
        if _only_thanks(message, understanding):
            return Triage(kind=kind, answer=None, why=(ONLY_THANKS,), review=())
        return Triage(kind=kind, answer=None, why=(why,), review=(CORRECTION,))
    answer, whom = _answer(message, understanding, own_addresses)
    review = tuple(_review(message, understanding, kind))
    if kind is Kind.UPDATE and known.answers in TAKEN_IN and not _carries_cv(understanding):
        review += (CORRECTION,)
    filtered = next((signal for signal in understanding.signals if signal.name == FILTERED), None)
    if filtered:
        review += (f"The mail server takes it for spam. {_quoting(filtered)}",)
    if answer is None:
        review += ("There is no address to answer.",)
    return Triage(kind=kind, answer=answer, why=(why, *whom), review=review)


def _may_apply(message: ParsedMessage, understanding: Understanding, machine: Robot) -> bool:
    """Whether a message that a program sent may carry a person's application: copiers and web forms send them."""
    if machine.certain:
        return False
    names = {signal.name for signal in understanding.signals}
    if _carries_cv(understanding):
        return True
    spoken_for = names & {BOUNCE, OUT_OF_OFFICE, TICKET, ADVERTISING}
    return APPLICATION in names and bool(_unread(message, understanding)) and not spoken_for


def _machine_kind(machine: Robot, understanding: Understanding) -> tuple[Kind, tuple[str, ...]]:
    """What a program wrote, by its headers and, where they leave it open, by its words."""
    if machine.doubtful:
        wanted, kind = (ADVERTISING, Kind.SPAM) if machine.kind is Kind.OTHER else (BOUNCE, Kind.BOUNCE)
        for signal in understanding.signals:
            if signal.name == wanted:
                return kind, (machine.reason, _quoting(signal))
    return machine.kind, (machine.reason,)


Said = Mapping[str, Signal]  # the first signal of each name


def _kind(message: ParsedMessage, understanding: Understanding, known: Acquaintance) -> tuple[Kind, str]:
    reply = REPLY.match(message.subject)
    said = {
        signal.name: signal
        for signal in reversed(understanding.signals)
        if not (reply and signal.place == "subject" and signal.name in OURS_IN_A_REPLY)
    }
    carries_cv = _carries_cv(understanding)
    for name, kind in ((BOUNCE, Kind.BOUNCE), (OUT_OF_OFFICE, Kind.AUTO_REPLY), (TICKET, Kind.AUTO_REPLY)):
        # Who sends a CV may mention a day away from the office.
        if name in said and not carries_cv and not _is_unsettled(said[name], message):
            return kind, _quoting(said[name])
    if ADVERTISING in said and not carries_cv and APPLICATION not in said:
        return Kind.SPAM, _quoting(said[ADVERTISING])
    asks_something_of_us = said.keys() & {APPLICATION, FIRST_TIME, LINK, OWN_CV, UPDATE, NEWER, NEW_DETAILS, WITHDRAWAL}
    if FILTERED in said and not carries_cv and not asks_something_of_us:
        return Kind.SPAM, _quoting(said[FILTERED])
    applies = said.keys() & {APPLICATION, FIRST_TIME} and _unread(message, understanding)
    if WITHDRAWAL in said and not applies and (not carries_cv or _only_withdraws(understanding, said)):
        return Kind.WITHDRAWAL, _quoting(said[WITHDRAWAL])
    if carries_cv:
        update = _why_update(message, understanding, said, known)
        return (Kind.UPDATE, update) if update else (Kind.APPLICATION, "A CV came with it.")
    return (
        _something_new(message, said)
        or _without_purpose(message, said)
        or _without_cv(message, understanding, said)
        or (Kind.OTHER, "Nothing in it speaks of an application.")
    )


def _something_new(message: ParsedMessage, said: Said) -> tuple[Kind, str] | None:
    """A matter that is not the call's, or news of somebody who applied before."""
    if ANOTHER_MATTER in said and not said.keys() & {APPLICATION, FIRST_TIME, LINK}:
        return Kind.OTHER, _quoting(said[ANOTHER_MATTER])
    if _asks_us(message, said):
        return None
    news = _update_in_words(said) or (_quoting(said[NEW_DETAILS]) if NEW_DETAILS in said else None)
    return (Kind.UPDATE, news) if news else None


def _only_withdraws(understanding: Understanding, said: Said) -> bool:
    """Whether a CV came only to show whose data it is: the letter with it asks for nothing but to be left out."""
    wants_more = said.keys() & {APPLICATION, FIRST_TIME, UPDATE, NEWER, NEW_DETAILS}
    return understanding.body is None and not wants_more


def _why_update(message: ParsedMessage, understanding: Understanding, said: Said, known: Acquaintance) -> str | None:
    """Why the CV that came is a newer one; None where it is the first."""
    if known.answers == NOT_READ and not known.on_roster:
        return None  # the one before could not be read: there is no entry yet
    if in_words := _update_in_words(said):
        return in_words
    sender = message.sender.email.lower() if message.sender else ""
    of_sender = len(understanding.people) == 1 and sender in understanding.people[0].emails
    if _digests(message, understanding) <= known.has:
        return None  # the same CV once more, as people send whose first mail seems lost
    if known.on_roster and of_sender:
        return "It comes from an address of somebody on the roster, and the CV names it."
    if known.answers in TAKEN_IN and of_sender:
        return "It answers our confirmation of a CV by the same person."
    return None


def _digests(message: ParsedMessage, understanding: Understanding) -> set[str]:
    """Of the CVs that came."""
    paths = {path for person in understanding.people for path in person.documents}
    found = {part.digest for part in message.parts if part.path in paths}
    return found | ({understanding.body.digest} if understanding.body else set())


def _update_in_words(said: Said) -> str | None:
    found = said.get(UPDATE) or (said.get(NEWER) if FIRST_TIME not in said else None)
    return _quoting(found) if found else None


def _without_purpose(message: ParsedMessage, said: Said) -> tuple[Kind, str] | None:
    """What wants nothing of the roster, told by words that a person's mail may hold too."""
    if said.keys() & {APPLICATION, FIRST_TIME, LINK, OWN_CV} or _has_documents(message):
        return None
    about_us = ABOUT_THE_CALL in said and OWN_BUSINESS not in said and _asks(message)
    is_long = len(message.written) > LONGEST_OF_A_ROBOT
    for name, kind in IN_ANY_WORDS.items():
        if is_long and kind is not Kind.SPAM:
            continue
        # Sellers have "a quick question" too.
        asks = about_us or (name != TRADE and _asks_us(message, said))
        if name in said and not asks:
            return kind, _quoting(said[name])
    return None


def _without_cv(message: ParsedMessage, understanding: Understanding, said: Said) -> tuple[Kind, str] | None:
    # On the safe side: a file that nobody could read is taken for the CV, whatever is asked beside it.
    if _unread(message, understanding):
        return Kind.APPLICATION, "A file came with it that cannot be read; it may be a CV."
    if OWN_CV in said and "://" in message.written:
        return Kind.APPLICATION, f"It gives a web address. {_quoting(said[OWN_CV])}"
    for name, kind in ((LINK, Kind.APPLICATION), (ENQUIRY, Kind.ENQUIRY), (APPLICATION, Kind.APPLICATION)):
        if name in said:
            return kind, _quoting(said[name])
    if OWN_BUSINESS in said:
        return Kind.OTHER, _quoting(said[OWN_BUSINESS])
    if _asks(message):
        # Who asks at the address of the call asks about the call, until something says otherwise.
        about = said.get(ABOUT_THE_CALL)
        return Kind.ENQUIRY, f"It asks a question. {_quoting(about)}" if about else "It asks a question."
    # What may be somebody's application is never dropped: a person sees the file.
    if any(finding.kind in MAY_BE_A_CV for finding in understanding.documents):
        return Kind.APPLICATION, "A file came with it that does not look like a CV; it may be one."
    return None


def _asks_us(message: ParsedMessage, said: Said) -> bool:
    """Whether the writer wants to know something of us; whatever else is in it, that is what the mail is for."""
    return ENQUIRY in said and (_asks(message) or said[ENQUIRY].rule.endswith(OWN_MAIL))


def _carries_cv(understanding: Understanding) -> bool:
    return bool(understanding.people) or any(found.kind is DocumentKind.CV for found in understanding.documents)


def _is_unsettled(signal: Signal, message: ParsedMessage) -> bool:
    """Words of a robot in the body of a message with documents: a person's, until more speaks for a robot."""
    return signal.place == "body" and _has_documents(message)


def _has_documents(message: ParsedMessage) -> bool:
    return any(part.fate is Fate.DOCUMENT for part in message.parts)


def _asks(message: ParsedMessage) -> bool:
    subject = "" if REPLY.match(message.subject) else message.subject
    return any(mark in f"{subject}\n{message.written}" for mark in "?؟")


def _unread(message: ParsedMessage, understanding: Understanding) -> list[str]:
    """Names of files that may be a CV and of which nothing could be had."""
    found = {finding.part_path for finding in understanding.documents}
    return [
        part.file_name or "a file without a name"
        for part in message.parts
        if (part.fate is Fate.DOCUMENT and part.path not in found) or part.fate in (Fate.UNREADABLE, Fate.REFUSED)
    ]


def _only_thanks(message: ParsedMessage, understanding: Understanding) -> bool:
    """On the safe side: a subject of their own, or a file, may say more."""
    thanks = any(signal.name == THANKS for signal in understanding.signals)
    carries = _has_documents(message) or _unread(message, understanding)
    return thanks and bool(REPLY.match(message.subject)) and not carries


def _review(message: ParsedMessage, understanding: Understanding, kind: Kind) -> Sequence[str]:
    if kind not in (Kind.APPLICATION, Kind.UPDATE):
        return ()
    if _carries_cv(understanding):
        return ()
    unread = _unread(message, understanding)
    if unread:
        return (f"{NO_CV} Not readable: {', '.join(unread)}.",)
    if kind is Kind.UPDATE:
        return ("New details without a CV: somebody must enter them.",)
    if any(signal.name == LINK for signal in understanding.signals):
        return (f"{NO_CV} It gives a link.",)
    return (NO_CV,)


def _quoting(signal: Signal) -> str:
    where = signal.place if signal.place in ("subject", "header") else "text"
    return f"Its {where} says: “{signal.sentence.strip()[:200]}”"


def _answer(
    message: ParsedMessage, understanding: Understanding, own_addresses: Set[str]
) -> tuple[Address | None, tuple[str, ...]]:
    """Whom to answer: the applicant whose original message is attached and has a body, else the one who sent it.
    With it what staff should know of that; nothing where it is simply the sender.

    Nobody reads what a copier or a portal is answered: then it is the only person whose CV came, by its address.
    """
    original = original_of(message, understanding.people)
    address = _usable(original, own_addresses) if original else None
    if address:
        return address, ("The applicant is answered, whose own message is attached.",)
    address = _usable(message, own_addresses | list_addresses(message))
    if address:
        to_sender = message.sender is not None and address.email.lower() == message.sender.email.lower()
        return address, () if to_sender else ("The answer goes to the Reply-To address.",)
    if len(understanding.people) == 1 and understanding.people[0].emails:
        person = understanding.people[0]
        return Address(name=person.name, email=person.emails[0]), ("The answer goes to the address in the CV.",)
    return None, ()  # told as a reason to look


def _usable(message: ParsedMessage, own_addresses: Set[str]) -> Address | None:
    candidates = [*message.reply_to, *([message.sender] if message.sender else [])]
    return next(
        (
            one
            for one in candidates
            if "@" in one.email
            and one.email.lower() not in own_addresses
            and not answers_nobody(one.email)
            and not is_device(one.email)
        ),
        None,
    )
