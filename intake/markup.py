"""HTML bodies: their text as a reader sees it, and the pictures that they show."""

from __future__ import annotations

import re
from urllib.parse import unquote

import lxml.etree
import lxml.html
from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

LARGEST = 2_000_000  # characters of HTML that are read

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])", re.IGNORECASE
)
_CID = re.compile(r"""cid:([^"'\s>)]{1,250})""", re.IGNORECASE)


def html_text(html: str) -> str:
    """The text of an HTML body; hidden elements, scripts and comments are left out."""
    try:
        parser = lxml.html.HTMLParser()
        tree = lxml.html.document_fromstring(re.sub(r"^\s*+<\?xml[^>]*\?>", "", html[:LARGEST]), parser=parser)
        if any("xcessive depth" in entry.message for entry in parser.error_log):
            return _without_tags(html)  # what lies deeper is not in the tree
        for element in list(tree.iter("*")):
            unseen = element.tag in ("script", "style", "template", "noscript") or _is_hidden(element)
            if unseen and isinstance(element, lxml.html.HtmlElement) and element.getparent() is not None:
                element.drop_tree()
    except (lxml.etree.LxmlError, ValueError, AssertionError):
        return _without_tags(html)  # nothing that the parser can make a tree of
    config = ParserConfig(css=CSS_PROFILES["strict"])
    text = str(get_text(lxml.html.tostring(tree, encoding="unicode"), config))
    return re.sub(r"\n{3,}", "\n\n", text.replace("\xa0", " ")).strip()


def _without_tags(html: str) -> str:
    return re.sub(r"<[^<>]*>", " ", html[:LARGEST])


def _is_hidden(element: lxml.etree._Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def referenced_ids(html: str) -> set[str]:
    """Content-IDs of the pictures that the HTML shows."""
    return {unquote(cid) for cid in _CID.findall(html[:LARGEST])}
