"""A DNS server on a loopback port, with the records that it is given; one without records never answers."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
from dns.flags import AA

Zone = Mapping[str, Sequence[str]]  # name → records, such as "TXT v=spf1 -all"
LIFETIME = 60


@contextmanager
def dns_server(zone: Zone | None) -> Iterator[int]:
    """Yields its port."""

    class Answering(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            data, sock = self.request
            if zone is not None:
                sock.sendto(answered(data, zone), self.client_address)

    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield int(server.server_address[1])
        finally:
            server.shutdown()
            thread.join()


def answered(query: bytes, zone: Zone) -> bytes:
    asked = dns.message.from_wire(query)
    answer = dns.message.make_response(asked)
    answer.flags |= AA
    (question,) = asked.question
    name = question.name.to_text(omit_final_dot=True).lower()
    if name not in zone:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    kind = dns.rdatatype.to_text(question.rdtype)
    data = [record.partition(" ")[2] for record in zone.get(name, ()) if record.startswith(f"{kind} ")]
    if data:
        answer.answer.append(dns.rrset.from_text(question.name, LIFETIME, "IN", kind, *map(_presented(kind), data)))
    return answer.to_wire()


def _presented(kind: str) -> Callable[[str], str]:
    """As a zone file has it: text in quotation marks, in strings of 255 bytes at most."""

    def text(data: str) -> str:
        return " ".join(f'"{data[at : at + 255]}"' for at in range(0, len(data), 255))

    return text if kind == "TXT" else str
