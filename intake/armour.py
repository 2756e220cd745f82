"""Text bodies that PGP has signed in place (RFC 9580 §7): the text is the body, the armour is not."""

from __future__ import annotations

import re

SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"

_SIGNED = re.compile(
    rf"^{SIGNED}[ \t]*\n(?:[A-Za-z]+: [^\n]*\n)*[ \t]*\n(.*?)\n-----BEGIN PGP SIGNATURE-----"
    r".*?(?:^-----END PGP SIGNATURE-----[ \t]*$|\Z)",
    re.MULTILINE | re.DOTALL,
)


def without_armour(text: str) -> str:
    """The text without the lines that PGP put round it, and without the dash that it put before others (§7.2)."""
    if SIGNED not in text:
        return text
    return _SIGNED.sub(lambda found: re.sub(r"^- ", "", found.group(1), flags=re.MULTILINE), text)
