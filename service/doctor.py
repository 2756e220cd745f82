"""`micic doctor`: is everything there that the program needs? What was found, and what to do where it is not right."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from domain.call import Call
from domain.errors import ConfigProblem
from service.call import load_call
from service.settings import Settings, StaffSettings
from service.settings_loading import load_settings

PACKAGE = "micic-intake"
OCR_LANGUAGES = frozenset({"eng", "fra", "spa", "ara", "rus"})
PROGRAM_SECONDS = 20.0  # LibreOffice takes some at its first start
LOW_SPACE = 5 * 1024**3  # bytes
NO_SPACE = 500 * 1024**2


class State(StrEnum):
    OK = "ok"
    WARNING = "warning"  # works, but something is lost or will fail
    BAD = "bad"  # does not work


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    found: str  # one line, with the version where there is one
    advice: str = ""  # what to do; empty where all is well


Probe = Callable[[], Check]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What is examined, and what the doctor must be told by others."""

    config: Path
    environment: Mapping[str, str]
    now: datetime
    loaders: Mapping[str, Callable[[], object]] = field(default_factory=dict)  # "rules" → raises ConfigProblem
    more: tuple[Probe, ...] = ()  # see service/doctor_sandbox.py
    servers: Callable[[Settings], tuple[Probe, ...]] = lambda _settings: ()  # see service/doctor_servers.py
    last_pass: Callable[[Settings], datetime | None] | None = None  # when the mailbox was last read to the end


def examine(patient: Patient) -> tuple[Check, ...]:
    """Look at everything, servers at the same time. Takes as long as the slowest time-out, and changes nothing."""
    settings, settings_check = _settings(patient)
    probes: list[Probe] = [python, tesseract, soffice, catdoc, *patient.more]
    probes += [partial(loads, name, load) for name, load in _files(patient).items()]
    if settings is not None:
        probes += [partial(data_folder, settings.store.data), partial(clock, patient.now, settings)]
        probes += patient.servers(settings)
        if patient.last_pass is not None and settings.mailbox is not None:
            probes.append(partial(mailbox_pass, partial(patient.last_pass, settings), patient.now, settings.staff))
    with ThreadPoolExecutor(max_workers=4) as pool:
        return (settings_check, *pool.map(lambda probe: probe(), probes))


def _settings(patient: Patient) -> tuple[Settings | None, Check]:
    try:
        settings = load_settings(patient.config, patient.environment)
    except ConfigProblem as error:
        return None, _refused("settings", error)
    if settings.mailbox is None:
        advice = "name the mailbox's server as mailbox.host in config/settings.yaml"
        return settings, Check(
            name="settings", state=State.WARNING, found="no mailbox: only the demo works", advice=advice
        )
    if not settings.staff.digest_to:
        advice = "name the digest's readers as staff.digest_to in config/settings.yaml"
        return settings, Check(name="settings", state=State.WARNING, found="nobody reads the digest", advice=advice)
    return settings, Check(name="settings", state=State.OK, found=f"{settings.mailbox.user} on {settings.mailbox.host}")


def _files(patient: Patient) -> dict[str, Callable[[], object]]:
    return {"call": lambda: load_call(patient.config), **patient.loaders}


def loads(name: str, load: Callable[[], object]) -> Check:
    """Whether a part of config/ can be used."""
    try:
        loaded = load()
    except ConfigProblem as error:
        return _refused(name, error)
    if isinstance(loaded, Call):
        closes = f"closes {loaded.closes}" if loaded.closes else "open"
        return Check(name=name, state=State.OK, found=f"{loaded.mailbox}, {closes}, {len(loaded.themes)} themes")
    return Check(name=name, state=State.OK, found="can be used")


def _refused(name: str, error: ConfigProblem) -> Check:
    number = len(error.problems)
    found = "1 problem" if number == 1 else f"{number} problems"
    return Check(name=name, state=State.BAD, found=found, advice=str(error))


def python() -> Check:
    """Python, and whether all packages are there that the distribution asks for."""
    missing = [name for name in _required() if not _installed(name)]
    found = f"Python {platform.python_version()}, {PACKAGE} {version(PACKAGE)}"
    if missing:
        return Check(
            name="python", state=State.BAD, found=f"{found}; missing {', '.join(missing)}", advice="make setup"
        )
    return Check(name="python", state=State.OK, found=found)


def _required() -> Iterator[str]:
    for line in requires(PACKAGE) or ():
        if "extra ==" not in line and (name := re.match(r"[A-Za-z0-9._-]+", line)):
            yield name[0]


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


def tesseract() -> Check:
    """The recognition of scans, and its language packs."""
    listed = output("tesseract", "--list-langs")
    if listed is None:
        return missing("tesseract", "scans go to review unread", "apt-get install tesseract-ocr")
    lacking = sorted(OCR_LANGUAGES - set(listed.split()))
    found = first_line(output("tesseract", "--version"))
    if lacking:
        packs = " ".join(f"tesseract-ocr-{pack}" for pack in lacking)
        found = f"{found}, without {', '.join(lacking)}"
        return Check(name="tesseract", state=State.WARNING, found=found, advice=f"apt-get install {packs}")
    return Check(name="tesseract", state=State.OK, found=f"{found}, {len(OCR_LANGUAGES)} languages")


def soffice() -> Check:
    told = output("soffice", "--version")
    if told is None:
        lost = "old Word files are read in part by catdoc, of RTF only the words; WordPerfect goes to review"
        return missing("soffice", lost, "apt-get install libreoffice-writer-nogui")
    return Check(name="soffice", state=State.OK, found=first_line(told))


def catdoc() -> Check:
    told = output("catdoc", "-V")
    if told is None:
        return missing("catdoc", "damaged Word files go to review unread", "apt-get install catdoc")
    return Check(name="catdoc", state=State.OK, found=first_line(told))


def missing(program: str, lost: str, advice: str) -> Check:
    return Check(
        name=program, state=State.WARNING, found=f"not installed, or it does not answer: {lost}", advice=advice
    )


def output(program: str, *arguments: str) -> str | None:
    """What a program prints; None where it is absent, fails or does not end."""
    path = shutil.which(program)
    if path is None:
        return None
    try:
        done = subprocess.run(
            [path, *arguments], capture_output=True, timeout=PROGRAM_SECONDS, check=True, stdin=subprocess.DEVNULL
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return (done.stdout or done.stderr).decode("utf-8", "replace")


def first_line(text: str | None) -> str:
    return next((line.strip() for line in (text or "").splitlines() if line.strip()), "version unknown")


def data_folder(folder: Path) -> Check:
    """Whether the data folder can be written, and the space that is left on its disk."""
    there = folder / "blobs" if (folder / "blobs").exists() else folder
    while not there.exists() and there != there.parent:
        there = there.parent
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"x")
            file.flush()
            free = shutil.disk_usage(there).free
    except OSError as error:
        advice = "let the account that runs micic write there, or set store.data"
        return Check(name="data folder", state=State.BAD, found=f"{there}: {error.strerror}", advice=advice)
    found = f"{folder}, {free / 1024**3:.1f} GiB free" + ("" if folder.exists() else "; made when first needed")
    if free < LOW_SPACE:
        state = State.BAD if free < NO_SPACE else State.WARNING
        return Check(name="data folder", state=state, found=found, advice="make room, or move it by store.data")
    return Check(name="data folder", state=State.OK, found=found)


def clock(now: datetime, settings: Settings) -> Check:
    """The time as staff see it: a wrong clock spoils the daily digest and the closing date."""
    there = now.astimezone(settings.staff.zone)
    return Check(name="clock", state=State.OK, found=f"{there:%Y-%m-%d %H:%M} in {settings.staff.time_zone}")


def mailbox_pass(last_pass: Callable[[], datetime | None], now: datetime, staff: StaffSettings) -> Check:
    """How long ago the mailbox was read to the end."""
    last = last_pass()
    if last is None:
        return Check(name="last pass", state=State.WARNING, found="the mailbox was never read", advice="micic run")
    found = f"{_ago(now - last)} ago"
    if staff.overdue(last, now=now):
        advice = "is micic run still running? its log says why it does not read the mailbox"
        return Check(name="last pass", state=State.BAD, found=found, advice=advice)
    return Check(name="last pass", state=State.OK, found=found)


def _ago(age: timedelta) -> str:
    minutes = max(int(age.total_seconds() // 60), 0)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"
