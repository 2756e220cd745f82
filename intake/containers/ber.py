"""As much of BER (X.690 §8) as it takes to reach the octets in a CMS envelope: one pass, forward, no recursion.

A general reader (asn1crypto) looks for the end of each element before it looks into it: an octet string of 20 MB in
pieces of 1,000 bytes, as mail programs that stream write it, cost 5 s, and one in pieces of a byte hours.
"""

from __future__ import annotations

from dataclasses import dataclass

INTEGER, OCTETS, OBJECT_IDENTIFIER = 0x02, 0x04, 0x06
SEQUENCE, PIECES, CONTENT = 0x30, 0x24, 0xA0  # PIECES: an octet string that is cut into others; CONTENT: [0]
END_OF_CONTENTS = 0
PIECES_AT_MOST = 500_000


@dataclass(slots=True)
class Reader:
    """Reads elements one after the other. ValueError where they are not what is asked for, or end too early."""

    data: bytes
    at: int = 0

    def tag(self) -> int:
        return self.data[self.at] if self.at < len(self.data) else END_OF_CONTENTS

    def enter(self, tag: int) -> int | None:
        """Go to the first element in this one. Returns where this one ends; None where a mark will say so."""
        if self.tag() != tag or self.at + 2 > len(self.data):
            raise ValueError(f"no element {tag:#x} at {self.at}")
        length = self.data[self.at + 1]
        self.at += 2
        if length < 0x80:
            return self.at + length
        if length == 0x80:
            return None
        size = length & 0x7F
        if size > 8 or self.at + size > len(self.data):
            raise ValueError("an impossible length")
        self.at += size
        return self.at + int.from_bytes(self.data[self.at - size : self.at], "big")

    def take(self, tag: int) -> bytes:
        """The value of an element that holds no others."""
        end = self.enter(tag)
        if end is None or end > len(self.data):
            raise ValueError("an element without end")
        value, self.at = self.data[self.at : end], end
        return value

    def skip(self) -> None:
        """Pass over an element, with all that is in it."""
        open_ones = 0  # whose end only a mark tells
        while True:
            tag = self.tag()
            end = self.enter(tag)
            if end is None:
                open_ones += 1
            else:
                if end > len(self.data):
                    raise ValueError("an element without end")
                self.at = end
                open_ones -= tag == END_OF_CONTENTS
            if not open_ones:
                return

    def octets(self) -> bytes:
        """An octet string, put together where it comes in pieces (X.690 §8.7.3); what is cut off, as far as it goes."""
        if self.tag() == OCTETS:
            end = self.enter(OCTETS)
            return self.data[self.at : end]
        out: list[bytes] = []
        ends = [self.enter(PIECES)]
        while ends and self.at < len(self.data):
            if ends[-1] is not None and self.at >= ends[-1]:
                ends.pop()
            elif self.tag() == END_OF_CONTENTS:
                self.at += 2
                ends.pop()
            elif self.tag() == PIECES and len(ends) < 16:
                ends.append(self.enter(PIECES))
            else:
                end = self.enter(OCTETS)
                out.append(self.data[self.at : end])
                self.at = len(self.data) if end is None else end
                if len(out) > PIECES_AT_MOST:
                    raise ValueError("too many pieces")
        return b"".join(out)
