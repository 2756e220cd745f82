"""What was filled into the form of a PDF page, typed onto it, linked and remarked (ISO 32000-1 §12.5, §12.7)."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

import pypdfium2.raw as pdfium

from extraction.readers.links import beside
from extraction.readers.pdf_letters import Sheet
from extraction.readers.runs import Run
from extraction.readers.word_symbols import OFF, ON

MOST = 500  # notes of one page that are looked at
LENGTH = 20_000  # characters of one value
SIZE = 10.0  # points, of letters whose program did not tell
WIDTH, LEADING, DROP = 0.5, 1.2, 0.35  # letter sizes: of a letter, from line to line, from the middle to the base line
COMMENT = "a comment"
UNSHOWN = "a field of the form that is not shown"

_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13  # of the flags of a text field (ISO 32000-1 table 228)
_TICKED = frozenset({pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON})
_CHOSEN = frozenset({pdfium.FPDF_FORMFIELD_COMBOBOX, pdfium.FPDF_FORMFIELD_LISTBOX})
_SILENT = frozenset({pdfium.FPDF_FORMFIELD_PUSHBUTTON, pdfium.FPDF_FORMFIELD_SIGNATURE})
_NO_REMARKS = frozenset({pdfium.FPDF_ANNOT_POPUP, pdfium.FPDF_ANNOT_WIDGET, pdfium.FPDF_ANNOT_LINK})


@dataclass(slots=True)
class Notes:
    """What a page holds besides its content."""

    runs: list[Run] = field(default_factory=list)  # seen by a reader; their order says nothing
    links: list[tuple[float, float, float, str]] = field(default_factory=list)  # left, right, base line, target
    hidden: list[tuple[str, str]] = field(default_factory=list)  # reason and text


class Form:
    """The form of a document, made ready when the first field is met."""

    def __init__(self, document: pdfium.FPDF_DOCUMENT) -> None:
        self.document = document
        self._info = pdfium.FPDF_FORMFILLINFO(version=2)
        self._handle: pdfium.FPDF_FORMHANDLE | None = None

    @property
    def handle(self) -> pdfium.FPDF_FORMHANDLE:
        if self._handle is None:
            self._handle = pdfium.FPDFDOC_InitFormFillEnvironment(self.document, self._info)
        return self._handle

    def close(self) -> None:
        if self._handle is not None:
            pdfium.FPDFDOC_ExitFormFillEnvironment(self._handle)
            self._handle = None


def notes_of(page: pdfium.FPDF_PAGE, form: Form, sheet: Sheet) -> Notes:
    notes = Notes()
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), MOST)):
        note = pdfium.FPDFPage_GetAnnot(page, number)
        if note:
            try:
                _take(note, form, sheet, notes)
            finally:
                pdfium.FPDFPage_CloseAnnot(note)
    return notes


def _take(note: pdfium.FPDF_ANNOTATION, form: Form, sheet: Sheet, notes: Notes) -> None:
    kind = pdfium.FPDFAnnot_GetSubtype(note)
    edges = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(note, edges)
    left, top, right, bottom = sheet.box((edges.left, edges.top, edges.right, edges.bottom))
    is_unseen = bool(pdfium.FPDFAnnot_GetFlags(note) & _UNSEEN)
    if kind == pdfium.FPDF_ANNOT_WIDGET:
        text = _filled_in(note, form)
        if is_unseen:
            notes.hidden += [(UNSHOWN, text)] if text.strip(OFF) else []
        else:
            notes.runs += _typed(text, left, sheet.height - top, right, sheet.height - bottom)
    elif kind == pdfium.FPDF_ANNOT_LINK:
        target = _target(note, form)
        if target:
            size = min(top - bottom, SIZE)
            notes.links.append((left, right, sheet.height - (top + bottom) / 2 + DROP * size, target))
    elif kind not in _NO_REMARKS:
        text = _string(note, b"Contents")
        if kind == pdfium.FPDF_ANNOT_FREETEXT and not is_unseen:
            notes.runs += _typed(text, left, sheet.height - top, right, sheet.height - bottom)
        elif text.strip():
            notes.hidden.append((COMMENT, text))


def _typed(text: str, left: float, top: float, right: float, bottom: float) -> Iterator[Run]:
    """Lines of text in a box; y downwards."""
    texts = [line for line in text[:LENGTH].replace("\r", "\n").split("\n") if line.strip()]
    size = min(SIZE, max((bottom - top) / max(len(texts), 1) / LEADING, 4.0))
    base = (top + bottom) / 2 + DROP * size if len(texts) == 1 else top + size
    for line in texts:
        end = min(left + WIDTH * size * len(line), max(right, left + size))
        yield Run(text=line, left=left, right=end, base=base, size=size, bold=False, order=0)
        base += LEADING * size


def _filled_in(note: pdfium.FPDF_ANNOTATION, form: Form) -> str:
    kind = pdfium.FPDFAnnot_GetFormFieldType(form.handle, note)
    if kind in _TICKED:
        return OFF if _string(note, b"AS") in ("", "Off") else ON
    if kind in _SILENT or pdfium.FPDFAnnot_GetFormFieldFlags(form.handle, note) & _PASSWORD:
        return ""
    if kind in _CHOSEN:
        labels = _chosen(note, form)
        if labels:
            return ", ".join(labels)
    if kind < 0:  # the document has no form that the field belongs to
        return _string(note, b"V")
    return _wide(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(form.handle, note, buffer, size))


def _chosen(note: pdfium.FPDF_ANNOTATION, form: Form) -> list[str]:
    count = min(pdfium.FPDFAnnot_GetOptionCount(form.handle, note), MOST)
    chosen = [number for number in range(count) if pdfium.FPDFAnnot_IsOptionSelected(form.handle, note, number)]
    return [_option(note, form, number) for number in chosen]


def _option(note: pdfium.FPDF_ANNOTATION, form: Form, number: int) -> str:
    return _wide(lambda buffer, size: pdfium.FPDFAnnot_GetOptionLabel(form.handle, note, number, buffer, size))


def _target(note: pdfium.FPDF_ANNOTATION, form: Form) -> str:
    link = pdfium.FPDFAnnot_GetLink(note)
    action = pdfium.FPDFLink_GetAction(link) if link else None
    if not action:
        return ""
    size = pdfium.FPDFAction_GetURIPath(form.document, action, None, 0)
    if not 1 < size <= LENGTH:
        return ""
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFAction_GetURIPath(form.document, action, buffer, size)
    return buffer.value.decode("utf-8", "replace")


def _string(note: pdfium.FPDF_ANNOTATION, key: bytes) -> str:
    return _wide(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(note, key, buffer, size))


def meta_text(document: pdfium.FPDF_DOCUMENT, name: str) -> str:
    """What a document says of itself under this name."""
    return _wide(lambda buffer, size: pdfium.FPDF_GetMetaText(document, name.encode(), buffer, size))


def _wide(ask: Callable[[object, int], int]) -> str:
    """A string of UTF-16 as pdfium gives it: first its size in bytes, then itself."""
    size = ask(None, 0)
    if not 2 < size <= 2 * LENGTH:
        return ""
    buffer = ctypes.create_string_buffer(size)
    ask(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")


def with_notes(runs: list[Run], notes: Notes) -> list[Run]:
    """The runs of a page and what its notes add, in an order as if it had been written so."""
    said = " ".join(run.text for run in runs)
    added = [*notes.runs, *_addresses(runs, notes.links, said)]
    if not added:
        return runs
    after: dict[int, list[Run]] = {}
    for one in sorted(added, key=lambda run: (run.base, run.left)):
        after.setdefault(_place(runs, one), []).append(one)
    ordered = [*after.get(-1, ())]
    for number, run in enumerate(runs):
        ordered += [run, *after.get(number, ())]
    return [replace(run, order=2 * number) for number, run in enumerate(ordered)]


def _place(runs: Iterable[Run], note: Run) -> int:
    """The run behind which a note is read: the nearest on its line, else the last above; -1 for none."""
    best, nearest = -1, (2, 0.0)
    for number, run in enumerate(runs):
        if abs(run.base - note.base) < 0.6 * max(run.size, note.size):
            distance = (0, max(note.left - run.right, run.left - note.right, 0.0))
        elif run.base < note.base:
            distance = (1, note.base - run.base)
        else:
            continue
        if distance <= nearest:
            best, nearest = number, distance
    return best


def _addresses(runs: list[Run], links: Iterable[tuple[float, float, float, str]], said: str) -> Iterator[Run]:
    """Addresses and numbers that stand behind words or icons only."""
    seen: set[str] = set()
    for left, right, base, target in links:
        text = beside(said, target).strip()
        if not text or text in seen:
            continue
        seen.add(text)
        near = [run for run in runs if abs(run.base - base) < run.size and run.right > left and run.left < right]
        last = max(near, key=lambda run: run.right, default=None)
        size = last.size if last else SIZE
        start = (last.right if last else right) + 0.3 * size
        line = last.base if last else base
        yield Run(text=text, left=start, right=start + WIDTH * size * len(text), base=line, size=size,
                  bold=False, order=0)  # fmt: skip
