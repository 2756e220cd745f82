"""What becomes of a part that is no body text: document, decoration, or no document by nature."""

from __future__ import annotations

from dataclasses import dataclass

from domain.mail import Fate
from intake.content import Content
from intake.sniff import UNKNOWN, dimensions

SMALL_SIDE = 400  # pixels: no page can be read whose picture is narrower
SMALL_PICTURE = 300_000  # pixels: 500 × 600
SMALL_FILE = 60_000  # bytes, of a picture that does not say how large it is
THUMB = 120  # pixels: smaller than any photograph of anything

IGNORED = {
    "text/calendar": "A calendar entry.",
    "text/vcard": "A contact card.",
    "text/x-vcard": "A contact card.",
    "application/pkcs7-signature": "A digital signature.",
    "application/x-pkcs7-signature": "A digital signature.",
    "application/pgp-signature": "A digital signature.",
    "application/pgp-keys": "A public key.",
    "application/pgp-encrypted": "The control part of an encrypted mail.",
    "message/delivery-status": "A delivery report.",
    "message/disposition-notification": "A read receipt.",
    "message/global-delivery-status": "A delivery report.",
    "message/global-disposition-notification": "A read receipt.",
    "message/global-headers": "The headers of a returned message.",
    "message/feedback-report": "An abuse report.",
    "text/rfc822-headers": "The headers of a returned message.",
    "text/x-amp-html": "Another rendering of the body.",
    "application/applefile": "What a Mac adds to a file.",
}
UNREADABLE = {
    "message/external-body": "It only says where a file lies; the file itself did not come with the message.",
    "message/partial": "One piece of a mail that was sent in pieces; it must be sent whole.",
}
UNSAFE = frozenset({"application/x-msdownload", "application/x-executable"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a part stands."""

    attached: bool  # disposition "attachment"
    referenced: bool  # the HTML body shows it by its Content-ID
    related: bool  # in a multipart/related
    named: bool


def fate(content: Content, kind: str, claimed: str, place: Place) -> tuple[Fate, str]:
    """The fate of a leaf, and the reason in words for staff."""
    if content.size == 0:
        return Fate.EMPTY, "The file is empty."
    if claimed in UNREADABLE:
        return Fate.UNREADABLE, UNREADABLE[claimed]
    if claimed in IGNORED and (kind in (claimed, UNKNOWN) or kind.startswith(("text/", "message/"))):
        return Fate.IGNORED, IGNORED[claimed]
    if kind in IGNORED:
        return Fate.IGNORED, IGNORED[kind]
    if kind in UNSAFE:
        return Fate.REFUSED, "A program; programs are never opened."
    if kind.startswith(("audio/", "video/")):
        return Fate.IGNORED, "A sound or film."
    if kind.startswith("image/"):
        return _picture(content, kind, place)
    return Fate.DOCUMENT, "A file that came with the message."


def _picture(content: Content, kind: str, place: Place) -> tuple[Fate, str]:
    size = dimensions(content.head)
    inline = place.referenced or ((place.related or not place.named) and not place.attached) or not place.attached
    if size and max(size) <= THUMB:
        return Fate.DECORATION, f"A tiny picture of {size[0]} × {size[1]} pixels."
    if not inline:
        return Fate.DOCUMENT, "A picture that was attached; it may show a page."
    if kind == "image/gif":
        return Fate.DECORATION, "An inline GIF."
    if size is None and content.size < SMALL_FILE:
        return Fate.DECORATION, "A small inline picture."
    if size and (min(size) < SMALL_SIDE or size[0] * size[1] < SMALL_PICTURE):
        return Fate.DECORATION, f"A small inline picture of {size[0]} × {size[1]} pixels."
    return Fate.DOCUMENT, "A large inline picture; it may show a page."
