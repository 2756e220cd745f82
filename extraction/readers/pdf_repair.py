"""Damaged PDFs, written anew by pypdf."""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path

import pypdf

from domain.errors import Unreadable


def rewritten(path: Path) -> bytes:
    """The pages that pypdf can find, as a file without damage. Raises Unreadable where there are none."""
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings quote the file
    out = BytesIO()
    try:
        reader = pypdf.PdfReader(path, strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("the PDF is protected by a password")
        writer = pypdf.PdfWriter()
        for page in reader.pages:
            writer.add_page(page)
        if not writer.pages:
            raise Unreadable("the PDF is damaged: it has no page that can be read")
        writer.write(out)
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("the PDF is damaged or cut off") from error
    return out.getvalue()
