"""The walk over all parts of a message: every node gets a fate and a reason, and no leaf is passed over."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from domain.charsets import decode_text, markup_charset
from domain.mail import Fate, Part
from intake.armour import without_armour
from intake.broken import mend, only_says_mime, stray_parts, stray_text
from intake.containers import embedded
from intake.containers.model import Letter, Member, NotOpened, Opened, Room
from intake.containers.opening import OPENERS, opened
from intake.content import Content, decode, in_memory
from intake.fates import UNREADABLE, Place, fate
from intake.headers import claimed_type, parameters, raw_text
from intake.markup import html_text, referenced_ids
from intake.names import inner_name, shown_name
from intake.repair import Mended, Spool, read_message
from intake.reports import REPORTS
from intake.sniff import UNKNOWN, media_type
from intake.texts import InlineFile, storable, unenriched, unflowed, without_files

MESSAGES = ("message/rfc822", "message/global", "message/news")
LONGEST_NOTICE = 60  # words of a plain text that only says where the message is
TIMES_AS_MUCH = 4  # as the plain text says, from which HTML says more than it


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseLimits:
    parts: int = 1000  # in one mail, members of archives included
    depth: int = 20  # of parts in parts
    ratio: int = 200  # unpacked to packed bytes of an archive
    unpacked: int = 200 * 1024 * 1024  # bytes, all containers of a mail together
    spool: int = 1024 * 1024  # bytes of a mail from which its heavy parts go to disk


@dataclass(slots=True)
class Walked:
    """One message of the tree: its texts, its nested messages. `plain` and `html` (its words) are in order."""

    message: Mended
    path: str
    plain: list[str] = field(default_factory=list)
    html: list[str] = field(default_factory=list)
    nested: list[Walked] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)  # claimed type and text of what reports of delivery
    defects: list[str] = field(default_factory=list)

    @property
    def body(self) -> str:
        return "\n".join(self.html if self.plain_is_a_notice() else self.plain).strip()

    def plain_is_a_notice(self) -> bool:
        """Whether the plain text says next to nothing of what the HTML says: "Please view this message as HTML"."""
        words, words_of_html = (len("\n".join(texts).split()) for texts in (self.plain, self.html))
        return words <= LONGEST_NOTICE and words_of_html >= TIMES_AS_MUCH * words


@dataclass(slots=True)
class Walk:
    """Takes one mail apart; the parts gather here, depth first."""

    folder: Path  # where the bytes of documents go, by digest
    limits: ParseLimits
    spool: Spool
    parts: list[Part] = field(default_factory=list)
    seen: dict[str, str] = field(default_factory=dict)  # digest of a document → its path
    shown: set[str] = field(default_factory=set)  # Content-IDs of pictures that the HTML seen so far shows
    unpacked: int = 0

    def message(
        self, message: Mended, path: str, *, defects: list[str], depth: int = 0, returned: bool = False
    ) -> Walked:
        """Walk over a message; `returned` marks one that a delivery report sends back."""
        walked = Walked(message=message, path=path, defects=defects)
        if path == "0":
            kind = _claimed(message) if message.is_multipart() else "message/rfc822"
            self._note(_part("0", kind), Fate.CONTAINER, "The message itself.")
        inner = "" if path == "0" else f"{path}."
        if message.beyond:
            part = _part(f"{inner}1", UNKNOWN)
            self._note(part, Fate.REFUSED, "Too many parts, or too deep; they stay in the raw mail only.")
            return walked
        walked.defects += mend(message, self.spool, whole=True)
        if message.children():
            self._children(message, walked, inner, _Around(returned=returned), depth)
        else:
            self._node(message, walked, f"{inner}1", _Around(returned=returned), depth)
        return walked

    def _children(self, node: Mended, walked: Walked, prefix: str, around: _Around, depth: int) -> None:
        kind = _claimed(node)
        within = replace(
            around,
            alternative=kind == "multipart/alternative" or around.alternative,
            related=kind == "multipart/related",
            report=kind == "multipart/report" or around.report,
        )
        number = 0
        for number, child in enumerate(node.children(), 1):
            self._node(child, walked, f"{prefix}{number}", within, depth + 1)
        for text in (node.epilogue, node.preamble):
            number += self._stray(text or "", walked, f"{prefix}{number + 1}", around, depth + 1)

    def _stray(self, text: str, walked: Walked, path: str, around: _Around, depth: int) -> int:
        """What stands before the first or after the last boundary; its parts are counted on after the others."""
        if only_says_mime(text, self.spool):
            return 0
        parts = stray_parts(text, self.spool)
        node = parts or stray_text(text)
        outside = around if parts else replace(around, spare=True, outside=True)
        walked.defects.append("Something stood outside the parts, where mail programs do not show it.")
        self._node(node, walked, path, outside, depth)
        return 1

    def _node(self, node: Mended, walked: Walked, path: str, around: _Around, depth: int) -> None:
        if len(self.parts) >= self.limits.parts or depth > self.limits.depth:
            if len(self.parts) < self.limits.parts + 1:
                part = _part(path, _claimed(node), node)
                self._note(part, Fate.REFUSED, "Too many parts, or too deep; the rest stays in the raw mail only.")
            return
        walked.defects += mend(node, self.spool, whole=False)
        part = _part(path, _claimed(node), node)
        if node.children():
            self._note(part, Fate.CONTAINER, "Holds other parts.")
            self._children(node, walked, f"{path}.", around, depth)
        else:
            self._leaf(node, walked, part, around, depth)

    def _leaf(self, node: Mended, walked: Walked, part: Part, around: _Around, depth: int) -> None:
        content = decode(node, self.spool, walked.defects)
        kind = media_type(content.head, name=part.file_name, claimed=part.declared_type, open_file=content.open)
        part = replace(part, detected_type=kind, size=content.size, digest=content.digest)
        if _is_body(part, kind, around):
            for number, file in enumerate(self._text(node, walked, part, content, around), 1):
                if file.cut:
                    walked.defects.append("A file in the text of the message was cut off.")
                self._member(_as_member(file), walked, f"{part.path}/{number}", depth)
        else:
            self._file(walked, part, content, around, depth)

    def _text(self, node: Mended, walked: Walked, part: Part, content: Content, around: _Around) -> list[InlineFile]:
        """Keep what is body; give the files that stood in the text."""
        is_html = part.detected_type == "text/html" or part.declared_type == "text/html"
        text, files = _words(node, content, part, is_html=is_html)
        words = html_text(text) if is_html else text
        if is_html:
            self.shown |= referenced_ids(text)
        if around.returned:
            self._note(part, Fate.IGNORED, "Text of the returned message.")
        elif not words.strip() and not (is_html and "<img" in text.lower()):
            self._note(part, Fate.EMPTY, "There is no text in it.")
        elif around.outside and walked.body:
            self._note(part, Fate.IGNORED, "Text outside the parts, which mail programs do not show.")
        elif around.spare and walked.body:
            self._note(part, Fate.DUPLICATE, "The body once more.")
        elif is_html and around.alternative and walked.plain:
            walked.html.append(words)
            if walked.plain_is_a_notice():
                self._note(part, Fate.BODY, "Text of the message, of which the plain text beside it says little.")
            else:
                self._note(part, Fate.DUPLICATE, "The body once more, as HTML.")
        else:
            self._note(part, Fate.BODY, "Text of the message.")
            (walked.html if is_html and not walked.plain else walked.plain).append(words)
        return [] if around.returned else files

    def _file(self, walked: Walked, part: Part, content: Content, around: _Around, depth: int) -> None:
        kind = part.detected_type
        if around.returned:
            self._note(part, Fate.IGNORED, "Part of the returned message.")
        elif content.size and _is_message(part.declared_type, kind):
            returned = around.report
            message, defects = read_message(content.pieces, self.spool, heavy=content.size > self.limits.spool)
            reason = "The returned message of a delivery report." if returned else "A message that was attached."
            self._note(part, Fate.CONTAINER, reason)
            inner = self.message(message, part.path, defects=defects, depth=depth + 1, returned=returned)
            walked.nested.append(inner)
        elif kind in OPENERS:
            self._container(walked, part, content, around, depth)
        else:
            if part.declared_type in REPORTS:
                walked.reports.append((part.declared_type, decode_text(content.head, None)[0]))
            place = Place(
                attached=part.disposition == "attachment",
                referenced=bool(part.content_id and part.content_id in self.shown),
                related=around.related,
                named=part.file_name is not None,
            )
            self._document(part, content, *fate(content, kind, part.declared_type, place))
            if self.parts[-1].path == part.path and self.parts[-1].fate is Fate.DOCUMENT:
                self._embedded(
                    walked, part, replace(content, path=content.path and self.folder / content.digest), depth
                )

    def _container(self, walked: Walked, part: Part, content: Content, around: _Around, depth: int) -> None:
        if depth >= self.limits.depth:
            self._note(part, Fate.REFUSED, "It lies too deep in other files; it stays in the raw mail only.")
            return
        at, number = len(self.parts), 0
        self._note(part, Fate.CONTAINER, OPENERS[part.detected_type][1])
        # Half of what is left: the next container of the mail must find room too.
        room = Room(bytes=max(0, self.limits.unpacked - self.unpacked) // 2, ratio=self.limits.ratio)
        try:
            for number, one in enumerate(opened(content, part.detected_type, part.file_name, room), 1):
                if not self._came_out(one, walked, part, f"{part.path}/{number}", around, depth):
                    return
        except NotOpened as shut:
            if number:
                self._note(_part(f"{part.path}/{number + 1}", UNKNOWN), Fate.REFUSED, f"What is left: {shut}")
            else:
                self.parts.pop(at)
                self._document(part, content, shut.fate, str(shut))
        else:
            if not number:
                self.parts[at] = replace(part, fate=Fate.EMPTY, reason="There are no files in it.")

    def _embedded(self, walked: Walked, part: Part, content: Content, depth: int) -> None:
        """Files within a document, which stays one."""
        if embedded.has_macros(content, part.detected_type):
            self.parts[-1] = replace(self.parts[-1], reason=f"{self.parts[-1].reason} {embedded.MACROS}")
        if depth >= self.limits.depth:
            return
        room = Room(bytes=max(0, self.limits.unpacked - self.unpacked) // 2, ratio=self.limits.ratio)
        try:
            for number, one in enumerate(embedded.files(content, part.detected_type, room), 1):
                if not self._member(one, walked, f"{part.path}/{number}", depth):
                    return
        except NotOpened as shut:
            walked.defects.append(f"A document embeds files: {shut}")

    def _came_out(self, one: Opened, walked: Walked, part: Part, path: str, around: _Around, depth: int) -> bool:
        """Walk over what a container holds; False where the mail may have no more parts."""
        if isinstance(one, Member):
            return self._member(one, walked, path, depth)
        self.unpacked += len(one.raw)
        message, defects = read_message(one.pieces, self.spool, heavy=len(one.raw) > self.limits.spool)
        walked.defects += defects
        if isinstance(one, Letter):
            walked.nested.append(self.message(message, part.path, defects=[], depth=depth + 1))
        elif message.children():
            self._children(message, walked, f"{part.path}/", replace(around, spare=one.spare), depth + 1)
        else:
            self._node(message, walked, path, replace(around, spare=one.spare), depth + 1)
        return True

    def _member(self, member: Member, walked: Walked, path: str, depth: int) -> bool:
        part = replace(_part(path, UNKNOWN), file_name=inner_name(member.name), disposition="attachment")
        if len(self.parts) >= self.limits.parts:
            if len(self.parts) == self.limits.parts:
                self._note(part, Fate.REFUSED, "Too many parts; it and what follows stay in the raw mail only.")
            return False
        if member.data is None:
            self._note(part, member.fate, member.reason)
            return True
        content = in_memory(member.data)
        self.unpacked += content.size
        kind = media_type(content.head, name=part.file_name, claimed=UNKNOWN, open_file=content.open)
        part = replace(part, detected_type=kind, size=content.size, digest=content.digest)
        self._file(walked, part, content, _Around(), depth + 1)
        return True

    def _document(self, part: Part, content: Content, its_fate: Fate, reason: str) -> None:
        if its_fate in (Fate.DOCUMENT, Fate.UNREADABLE):
            first = self.seen.setdefault(content.digest, part.path)
            if first != part.path:
                self._note(part, Fate.DUPLICATE, f"The same file as part {first}.")
                return
            content.save(self.folder)
        elif content.path:
            content.path.unlink(missing_ok=True)
        self._note(part, its_fate, reason)

    def _note(self, part: Part, its_fate: Fate, reason: str) -> None:
        self.parts.append(replace(part, fate=its_fate, reason=reason))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Around:
    """What the containers of a part say of it."""

    alternative: bool = False
    related: bool = False
    report: bool = False
    returned: bool = False
    outside: bool = False  # before the first or after the last boundary
    spare: bool = False  # text counts only where the message has none so far


def _claimed(node: Mended) -> str:
    return claimed_type(node.get("content-type"), node.get_default_type())


def _part(path: str, claimed: str, node: Mended | None = None) -> Part:
    disposition = raw_text(node.get("content-disposition", "")) if node is not None else ""
    name: str | None = None
    content_id: str | None = None
    if node is not None:
        name = parameters(disposition).get("filename") or parameters(node.get("content-type", "")).get("name")
        content_id = raw_text(node.get("content-id", "")).strip().strip("<>") or None
    word = disposition.split(";")[0].strip().lower().split(" ")[0].partition("=")
    return Part(
        path=path,
        file_name=shown_name(name),
        declared_type=claimed,
        detected_type=claimed,
        disposition="inline" if word[0] == "inline" else ("attachment" if word[0] and not word[1] else None),
        content_id=content_id,
        size=0,
        digest="e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",  # of no bytes
        fate=Fate.CONTAINER,
        reason="",
    )


def _is_message(claimed: str, kind: str) -> bool:
    return claimed not in UNREADABLE and (kind == "message/rfc822" or (claimed in MESSAGES and kind == "text/plain"))


def _is_body(part: Part, kind: str, around: _Around) -> bool:
    texts = ("text/plain", "text/html", "text/enriched")
    if part.disposition == "attachment" or not part.declared_type.startswith((*texts, "multipart/")):
        return False
    if kind not in ("text/plain", "text/html", "message/rfc822"):
        return False
    return part.file_name is None or (around.alternative and part.disposition is None)


def _words(node: Mended, content: Content, part: Part, *, is_html: bool) -> tuple[str, list[InlineFile]]:
    """The text of a part as its reader sees it, HTML with its tags; and the files that stood in it."""
    data = content.all()
    given = parameters(node.get("content-type", ""))
    text = storable(decode_text(data, given.get("charset") or (markup_charset(data) if is_html else None))[0])
    if is_html:
        return text, []
    if part.declared_type == "text/enriched":
        return unenriched(text), []
    text, files = without_files(without_armour(text))
    if given.get("format", "").lower() == "flowed":
        text = unflowed(text, delsp=given.get("delsp", "").lower() == "yes")
    return text, files


def _as_member(file: InlineFile) -> Member:
    reason = "A file in yEnc, a form of newsgroups, which is not read; it must be sent as an attachment."
    return Member(name=file.name, data=file.data, fate=Fate.UNREADABLE, reason="" if file.data is not None else reason)


__all__ = ["ParseLimits", "Walk", "Walked"]
