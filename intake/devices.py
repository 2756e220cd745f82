"""Addresses of copiers and scanners: machines that send people's papers and read no answer."""

from __future__ import annotations

import re

# Words of a local part, in the languages of the call.
_KIND = re.compile(
    "scan(?:s|ners?|ning|mail|to(?:e?mail)?)?|e?scan2mail|(?:photo)?copiers?|mf[pc]|mopier|printers?|printserver|kopierer"
    "|drucker|(?:photo)?copieur|photocopieuse|numeris(?:ation|eur)|imprimante|escane(?:r|os?)|(?:foto)?copiadora"
    "|impresora|multifunc(?:tion|ional)|skaner|printer|(?:tele)?fax"
)
# Their makers, where nothing else stands there: a person may be called Sharp.
_MAKER = re.compile(
    "xerox|ricoh|konica|minolta|konicaminolta|bizhub|kyocera|canon|sharp|toshiba|lexmark|epson|brother|workcentre"
    "|versalink|altalink|taskalfa|imagerunner|ecosys|aficio|mp"
)


def is_device(email: str) -> bool:
    """Whether an address is a machine's: scanner@, ricoh-2@."""
    local = re.findall(r"[a-z]+", email.split("@", maxsplit=1)[0].lower())
    kind = any(_KIND.fullmatch(word) for word in local)
    return kind or (bool(local) and all(_MAKER.fullmatch(word) for word in local))
