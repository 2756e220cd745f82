"""A private Postfix on a loopback port: takes mail for anybody and delivers it by LMTP. Only root can start one."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.private import free_port, program, short_folder

REFUSED = "nobody@example.org"  # 550
GREYLISTED = "greylisted@example.org"  # 451

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = relay.example
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
smtputf8_enable = yes
virtual_mailbox_domains = static:ok
virtual_mailbox_maps = static:ok
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
smtpd_recipient_restrictions =
  check_recipient_access inline:{{ {{ {refused} = 550 5.1.1 No such user }}, {{ {greylisted} = 451 4.7.1 Later }} }},
  permit_mynetworks, reject
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_tls_security_level = none
minimal_backoff_time = 1s
queue_run_delay = 1s
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Postfix:
    folder: Path
    port: int  # plain SMTP

    def log(self) -> str:
        path = self.folder / "mail.log"
        return path.read_text(errors="replace") if path.exists() else ""


@contextmanager
def postfix(*, lmtp: int) -> Iterator[Postfix]:
    """A running Postfix that hands everything to the LMTP server on that port, up in some 0.2 s."""
    command = program("postfix")
    if os.geteuid() != 0:
        pytest.skip("only root can start Postfix")
    with short_folder("postfix") as folder:
        server = Postfix(folder=folder, port=free_port())
        _configure(server, lmtp)
        subprocess.run([command, "-c", str(folder / "conf"), "start"], check=True, capture_output=True, timeout=60)
        try:
            _wait(server)
            yield server
        finally:
            subprocess.run([command, "-c", str(folder / "conf"), "stop"], check=True, capture_output=True, timeout=60)


def _wait(server: Postfix) -> None:
    """The master process has forked away, so the port alone tells that it is up."""
    deadline = time.monotonic() + 15
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(("127.0.0.1", server.port), 1) as s:
                s.settimeout(5)
                if s.recv(4) == b"220 ":
                    return
        except OSError:
            time.sleep(0.02)  # not up yet
    raise TimeoutError(f"Postfix did not come up: {server.log()}")


def _configure(server: Postfix, lmtp: int) -> None:
    folder = server.folder
    os.chown(folder, 0, 0)  # else Postfix warns of files that are not root's
    for name in ("conf", "spool", "data"):
        (folder / name).mkdir()
    owner = pwd.getpwnam("postfix")
    os.chown(folder / "data", owner.pw_uid, owner.pw_gid)
    main = MAIN.format(folder=folder, lmtp=lmtp, refused=REFUSED, greylisted=GREYLISTED)
    (folder / "conf/main.cf").write_text(main)
    (folder / "conf/master.cf").write_text(MASTER.format(port=server.port))
