"""A private Dovecot on loopback ports: any user exists, mail comes in by LMTP, `doveadm` acts behind our back."""

from __future__ import annotations

import smtplib
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import trustme

from tests.servers.private import free_port, give, program, run_as, short_folder, stop, wait_for_port

HOST = "localhost"
PASSWORD = "secret"

CONFIGURATION = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
shutdown_clients = yes
mail_max_userip_connections = 100
mail_location = maildir:~/Maildir
mail_fsync = never
disable_plaintext_auth = no
auth_failure_delay = 0
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = static
  mechanisms = plain login
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/home/%u allow_all_users=yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
# Else failed logins slow down all that follow.
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@example.org
  auth_username_format = %Ln
}}
{extra}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dovecot:
    folder: Path
    imap: int  # port: plain and STARTTLS
    imaps: int  # port: TLS from the first byte
    lmtp: int  # port
    trust: ssl.SSLContext  # verifies the certificate, which is for "localhost"
    numbers: Iterator[int]

    def new_user(self) -> str:
        """A user that nobody else has; the password is PASSWORD, the mailbox empty."""
        return f"user{next(self.numbers)}"

    def deliver(self, user: str, *messages: bytes, sender: str = "sender@example.org") -> None:
        """Put messages into the user's INBOX by LMTP; LF line ends become CRLF, all else stays byte for byte."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            for message in messages:
                lmtp.sendmail(sender, [f"{user}@example.org"], message)

    def doveadm(self, *arguments: str) -> str:
        """What doveadm prints. CalledProcessError where it fails."""
        command = [program("doveadm"), "-c", str(self.folder / "dovecot.conf"), *arguments]
        run = subprocess.run(command, check=True, capture_output=True, text=True, cwd=self.folder, **run_as().popen)
        return run.stdout

    def log(self) -> str:
        path = self.folder / "dovecot.log"
        return path.read_text(errors="replace") if path.exists() else ""


@contextmanager
def dovecot(*, certificate: trustme.LeafCert | None = None, extra: str = "") -> Iterator[Dovecot]:
    """A running Dovecot, up in some 50 ms: one a test session is enough, with a new user for each test.

    `certificate` in place of one for "localhost"; `extra` is added to the configuration, such as `imap_capability = …`.
    """
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    leaf = certificate or authority.issue_cert(HOST)
    with short_folder("dovecot") as folder:
        server = Dovecot(
            folder=folder, imap=free_port(), imaps=free_port(), lmtp=free_port(), trust=trust, numbers=count(1)
        )
        _configure(server, leaf, extra)
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(
                [program("dovecot"), "-F", "-c", str(folder / "dovecot.conf")],
                stdout=output,
                stderr=output,
                cwd=folder,
                **run_as().popen,
            )
        try:
            _wait(server, process)
            yield server
        finally:
            stop(process)


def _wait(server: Dovecot, process: subprocess.Popen[bytes]) -> None:
    try:
        wait_for_port(server.imap, process, greeting=b"* OK")
    except (RuntimeError, TimeoutError) as error:
        error.add_note(f"Dovecot said: {(server.folder / 'output').read_text(errors='replace')}{server.log()}")
        raise


def _configure(server: Dovecot, leaf: trustme.LeafCert, extra: str) -> None:
    folder = server.folder
    for name in ("run", "state", "home"):
        (folder / name).mkdir()
    leaf.private_key_pem.write_to_path(str(folder / "key.pem"))
    (folder / "cert.pem").write_bytes(b"".join(pem.bytes() for pem in leaf.cert_chain_pems))
    who = run_as()
    (folder / "dovecot.conf").write_text(
        CONFIGURATION.format(
            folder=folder,
            user=who.user,
            group=who.group,
            password=PASSWORD,
            imap=server.imap,
            imaps=server.imaps,
            lmtp=server.lmtp,
            extra=extra,
        )
    )
    give(folder)
