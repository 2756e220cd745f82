"""A mail of 30 MB costs little more memory than a small one, over all processes together."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest
import sqlalchemy as sa
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from roster.store import open_store
from roster.tables import cv_version
from tests.servers.dovecot import dovecot
from tests.servers.environment import environment_for
from tests.servers.relay import relay

pytestmark = [pytest.mark.server, pytest.mark.slow]

MIB = 1_048_576
MOST = 150 * MIB
CV = """Curriculum Vitae
Jane Example
jane@example.org
Work experience
2009 - 2016 Camp manager, Relief Agency, Amman: ran two refugee camps and led the coordination of shelter and food aid.
Education
2008 Master of Public Policy, University of Exampleton
Languages
English: native. French: fluent."""


def application(picture_side: int) -> bytes:
    """A CV as PDF, with a picture of noise: three bytes a dot that no packing makes smaller."""
    pdf = BytesIO()
    canvas = Canvas(pdf)
    for number, line in enumerate(CV.splitlines()):
        canvas.drawString(50, 780 - 16 * number, line)
    if picture_side:
        noise = Image.frombytes("RGB", (picture_side, picture_side), os.urandom(3 * picture_side**2))
        canvas.drawImage(ImageReader(noise), 50, 50, 300, 300)
    canvas.save()
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "jane@example.org", "Application"
    mail.set_content("Please find my CV attached.")
    mail.add_attachment(pdf.getvalue(), maintype="application", subtype="pdf", filename="cv.pdf")
    return mail.as_bytes()


def tree(root: int) -> list[int]:
    """A process and all that it started."""
    found = [root]
    for pid in found:
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            found += map(int, task.read_text().split())
    return found


def memory(pid: int) -> int:
    """Bytes of real memory, shared pages counted in parts; 0 for a process that has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def peak_of_a_pass(environment: dict[str, str]) -> int:
    process = subprocess.Popen([sys.executable, "-m", "service.commands", "run", "--once"], env=environment)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, sum(map(memory, tree(process.pid))))
        except OSError:
            continue  # one of them ended while we looked
        time.sleep(0.01)
    assert process.returncode in (0, 1)
    return peak


def test_thirty_megabytes_cost_little_more_than_a_small_mail(tmp_path: Path) -> None:
    large = application(2750)
    assert len(large) > 30 * MIB
    peaks = []
    with dovecot() as mailboxes, relay() as taking:
        for name, raw in (("small", application(0)), ("large", large)):
            user = mailboxes.new_user()
            mailboxes.deliver(user, raw)
            folder = tmp_path / name
            environment = environment_for(
                imap=mailboxes.imap, smtp=taking.port, user=user, data=folder, LIMITS__WORKERS="1"
            )
            peaks.append(peak_of_a_pass(environment))
    store = open_store(f"sqlite:///{tmp_path / 'large/micic.db'}")
    with store.read() as db:
        texts = list(db.execute(sa.select(cv_version.c.text)).scalars())
    store.close()
    assert len(texts) == 1
    assert "Camp manager" in texts[0]
    small, large_peak = peaks
    assert large_peak - small < MOST, f"{small / MIB:.0f} MiB, then {large_peak / MIB:.0f} MiB"
    print(f"peak of all processes: {small / MIB:.0f} MiB for a small mail, {large_peak / MIB:.0f} MiB for 30 MB")
