"""Values that every template is tried with when it is loaded, so that a mistake shows to staff, not to applicants."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

Value = str | bool | tuple[str, ...]

ACKNOWLEDGEMENT: Mapping[str, tuple[Value, ...]] = {
    "name": ("Amina Haddad", ""),
    "files": (("CV.pdf", "Publications.docx"), ()),
    "unreadable": (("scan.pdf",), ()),
    "subject": ("Expert roster", ""),
    "call": ("Call for experts",),
    "mailbox": ("experts@call.example",),
    "signature": ("The team\nThe organisation",),
    "privacy_notice": ("Your data are kept with care.",),
    "closes": ("31 January 2019", ""),
    "kept": (True, False),
}


def acknowledgements() -> list[dict[str, Value]]:
    """Every combination of what may be there or not."""
    return [dict(zip(ACKNOWLEDGEMENT, values, strict=True)) for values in product(*ACKNOWLEDGEMENT.values())]
