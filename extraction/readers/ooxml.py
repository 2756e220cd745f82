"""DOCX: the parts of a WordprocessingML package (ECMA-376 part 1 §11), in the order in which a reader meets them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree

from domain.errors import Unreadable
from domain.profile import BlockKind, DocumentText
from extraction.readers import flow, html, properties
from extraction.readers.archive import Archive, attribute, local, main_part, opened, relations
from extraction.readers.colours import WHITE, colour
from extraction.readers.flow import Node, Paragraph, Table, Unseen
from extraction.readers.limits import ReadLimits
from extraction.readers.word_styles import NO, Styles
from extraction.readers.word_walk import Source, Walk

READER = "ooxml/2"
MAIN = "word/document.xml"
COMMENT = "a comment in the margin"
NO_PAGE = "a page header or footer that no page shows"
NOT_READ = "a document that is embedded in the text was not read"
BESIDE = ("header", "footer", "footnotes", "endnotes", "comments")
_MARGINS = {"headerReference": "header", "footerReference": "footer"}


def read(path: Path, limits: ReadLimits) -> DocumentText:
    """Headers first, the body, notes, footers last. Raises Unreadable where the archive or its main part is broken."""
    with opened(path, limits) as archive:
        package = _Package(archive, _main_part(archive), limits, Unseen())
        nodes = package.read()
        return flow.document(
            nodes,
            reader=READER,
            limits=limits,
            hidden=package.unseen.texts,
            problems=archive.problems,
            properties=properties.of_package(archive),
        )


def _main_part(archive: Archive) -> str:
    """The part with the text; where the relations are lost, the one of the usual name, or of one like it."""
    like = [name for name in archive.names if name.lower().startswith("word/document") and name.endswith(".xml")]
    return main_part(archive, next((name for name in (MAIN, *like) if archive.has(name)), MAIN))


@dataclass(slots=True)
class _Package:
    archive: Archive
    main_name: str
    limits: ReadLimits
    unseen: Unseen
    embedded: bool = False  # a document in a document is read, one in that is not

    def read(self) -> list[Node]:
        main = self.archive.xml(self.main_name)
        if main is None:
            raise Unreadable("the file is damaged: it has no text part")
        parts = relations(self.archive, self.main_name)
        first = {relation.kind: relation.target for relation in reversed(parts)}
        styles = Styles(self.archive.xml_or_none, first.get("styles", ""), first.get("theme", ""))
        margins = _Margins(main, lambda: _even(self._settings(first)))
        beside = {one.target: one for one in reversed(parts) if one.kind in BESIDE and not one.outside}
        roots = {
            relation.identity: (relation.kind, name, root)
            for name, relation in reversed(beside.items())
            if (root := self.archive.xml_or_none(name)) is not None
        }
        ground = _ground(main, *(root for _, _, root in roots.values()))
        stories: dict[str, list[Node]] = {}
        for identity, (kind, name, root) in sorted(roots.items(), key=lambda item: margins.place(item[0])):
            nodes = self._story(root, name, styles, ground)
            if kind == "comments":
                self.unseen.add(COMMENT, nodes)
            elif kind in ("header", "footer") and not margins.shows(identity):
                self.unseen.add(NO_PAGE, nodes)
            else:
                stories.setdefault(kind, []).extend(nodes)
        body = self._story(main, self.main_name, styles, ground)
        body = list(flow.with_headings_by_size(body, unsaid=lambda: styles.default_size))
        head, foot = _once(stories.get("header", [])), _once(stories.get("footer", []))
        return [*head, *body, *stories.get("footnotes", []), *stories.get("endnotes", []), *foot]

    def _story(self, root: etree._Element, name: str, styles: Styles, ground: str | None) -> list[Node]:
        source = Source(
            part=self.archive.xml_or_none,
            styles=styles,
            unseen=self.unseen,
            relations={relation.identity: relation for relation in relations(self.archive, name)},
            ground=ground,
            embedded=self._embedded,
        )
        return Walk(source).story(root)

    def _settings(self, first: dict[str, str]) -> etree._Element | None:
        return self.archive.xml_or_none(first["settings"]) if "settings" in first else None

    def _embedded(self, name: str) -> list[Node]:
        """A document that Word takes up when it opens this one (altChunk, §17.17.2.1)."""
        if self.embedded:
            return []
        nodes: list[Node] = []
        try:
            data = self.archive.part(name) or b""
            nodes = self._packed(data) if data.startswith(b"PK") else html.nodes_of(data, self.unseen)
        except Unreadable as error:
            self.archive.tell(f"{NOT_READ}: {error}")
        return nodes

    def _packed(self, data: bytes) -> list[Node]:
        with tempfile.NamedTemporaryFile(prefix="chunk-") as file:
            file.write(data)
            file.flush()
            with opened(Path(file.name), self.limits) as archive:
                nodes = _Package(archive, _main_part(archive), self.limits, self.unseen, embedded=True).read()
            for problem in archive.problems:
                self.archive.tell(problem)
            return nodes


class _Margins:
    """Which page headers and footers some page shows: files keep those of options that are switched off, too."""

    def __init__(self, main: etree._Element, even: Callable[[], bool]) -> None:
        even = cache(even)  # the settings are a part of their own, and a section names many margins
        self._shown: dict[str, bool] = {}
        self._order: list[str] = []
        for section in main.iter("{*}sectPr"):
            first = any(local(one) == "titlePg" and _on(one) for one in section)
            for one in section:
                if local(one) in _MARGINS:
                    kind, identity = attribute(one, "type"), attribute(one, "id") or ""
                    shown = first if kind == "first" else even() if kind == "even" else True
                    self._shown[identity] = self._shown.get(identity, False) or shown
                    self._order.insert(0 if kind == "first" else len(self._order), identity)

    def shows(self, identity: str) -> bool:
        """Where no section names any, all are shown: their names were lost."""
        return self._shown.get(identity, not self._shown)

    def place(self, identity: str) -> int:
        """First pages come first."""
        return self._order.index(identity) if identity in self._shown else len(self._order)


def _even(settings: etree._Element | None) -> bool:
    """Whether pages with even numbers have headers of their own."""
    return any(local(one) == "evenAndOddHeaders" and _on(one) for one in (settings if settings is not None else ()))


def _on(switch: etree._Element) -> bool:
    return attribute(switch, "val") not in NO


def _ground(*roots: etree._Element) -> str | None:
    """The colour of the page; None where pictures lie behind the text, of which nobody knows the colour."""
    for root in roots:
        if any(anchor.get("behindDoc") in ("1", "true") for anchor in root.iter("{*}anchor")):
            return None
        if any("z-index:-" in (shape.get("style") or "") for shape in root.iter("{*}shape", "{*}rect", "{*}group")):
            return None
    background = next(roots[0].iter("{*}background"), None)
    return WHITE if background is None else colour(attribute(background, "color"))


def _once(nodes: Iterable[Node]) -> list[Node]:
    """Header or footer, once: first pages and even pages have copies of their own."""
    seen: set[str] = set()
    once: list[Node] = []
    for node in nodes:
        if isinstance(node, Table):
            text = "\n".join(p.text for row in node.rows for cell in row for p in cell if isinstance(p, Paragraph))
            kept: Node = node
        else:
            text = node.text.strip()
            kept = Paragraph(node.text.replace("\t", " "), BlockKind.HEADER)
        if text and text not in seen:
            seen.add(text)
            once.append(kept)
    return once
