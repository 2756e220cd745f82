"""Fields and form controls of WordprocessingML (ECMA-376 part 1 §17.5 and §17.16)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from domain.profile import BlockKind
from extraction.readers.archive import attribute, child, local, whole
from extraction.readers.word_styles import NO, Styles
from extraction.readers.word_symbols import OFF, ON

_HYPERLINK = re.compile(r'^\s*HYPERLINK\s+"?([^"\s]{1,2000})', re.IGNORECASE)


@dataclass(slots=True)
class Field:
    start: int  # of its result among the texts of the line
    code: list[str] = field(default_factory=list)
    result: bool = False  # whether its code has been passed


class Fields:
    """The fields that are open at a place; of each first the code stands in the text, then what it gave."""

    def __init__(self) -> None:
        self._open: list[Field] = []
        self._codes = 0

    @property
    def in_code(self) -> bool:
        return self._codes > 0

    def begin(self, place: int) -> None:
        self._open.append(Field(place))
        self._codes += 1

    def say(self, code: str) -> None:
        if self._open and not self._open[-1].result:
            self._open[-1].code.append(code)

    def separate(self) -> None:
        if self._open and not self._open[-1].result:
            self._open[-1].result = True
            self._codes -= 1

    def end(self) -> Field | None:
        if not self._open:
            return None
        ended = self._open.pop()
        self._codes -= not ended.result
        return ended

    def close_codes(self) -> None:
        """At the end of a paragraph: a code that goes on there is a damaged one, and must not swallow the rest."""
        self._open = [one for one in self._open if one.result]
        self._codes = 0
        for one in self._open:
            one.start = 0  # its result goes on in the next line


def hyperlink(code: str) -> str | None:
    """The address in the code of a HYPERLINK field (§17.16.5.25)."""
    found = _HYPERLINK.match(code)
    return found.group(1) if found else None


def form_field(data: etree._Element | None) -> str:
    """What a form field of Word 97 shows that has no text of its own: a box, or the chosen line (§17.16.17)."""
    for control in data if data is not None else ():
        if local(control) == "checkBox":
            return ON if _is_on(control) else OFF
        if local(control) == "ddList":
            entries = [attribute(one, "val") or "" for one in control if local(one) == "listEntry"]
            chosen = child(control, "result")
            number = whole((attribute(chosen, "val") if chosen is not None else None) or "0", len(entries))
            return entries[number] if number < len(entries) else ""
    return ""


def _is_on(box: etree._Element) -> bool:
    state = child(box, "checked")
    state = child(box, "default") if state is None else state
    return state is not None and attribute(state, "val") not in NO


def is_prompt(control: etree._Element, styles: Styles) -> bool:
    """Whether a content control shows the prompt that nobody has replaced (§17.5.2.39).

    Templates of CVs put their headings into such controls, too: a reader sees these, and they say what follows.
    """
    properties = child(control, "sdtPr")
    if properties is None or child(properties, "showingPlcHdr") is None:
        return False
    named = (styles.named(attribute(style, "val")) for style in control.iter("{*}pStyle"))
    around = control.getparent()
    own = child(child(around, "pPr"), "pStyle") if around is not None and local(around) == "p" else None
    named_around = styles.named(attribute(own, "val")) if own is not None else None
    looks = [*named, named_around]
    return not any(look is not None and look.kind is BlockKind.HEADING for look in looks)
