"""Documents made for tests by the programs that people use, and how much of their text is read back."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

TOKEN = re.compile(r"[\w\u064b-\u0652]+(?:[.@+/:-]\w+)*|\+\d+")


def printed_by_chromium(html: str, folder: Path) -> Path:
    chromium = shutil.which("chromium") or pytest.skip("chromium is not installed")
    source, made = folder / "page.html", folder / "page.pdf"
    source.write_text(html, encoding="utf-8")
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}",
        "--no-pdf-header-footer", f"--print-to-pdf={made}", source.as_uri(),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return made


def converted_by_office(source: Path, ending: str, *, filter_name: str = "") -> Path:
    return converted_together([source], ending, filter_name=filter_name) / f"{source.stem}.{ending}"


def converted_together(sources: list[Path], ending: str, *, filter_name: str = "") -> Path:
    """The folder with all of them in another format: LibreOffice is started once."""
    soffice = shutil.which("soffice") or pytest.skip("LibreOffice is not installed")
    folder = sources[0].parent / f"as-{ending}"
    profile = (sources[0].parent / "office-profile").as_uri()
    wanted = f"{ending}:{filter_name}" if filter_name else ending
    command = [
        soffice, f"-env:UserInstallation={profile}", "--headless", "--convert-to", wanted,
        "--outdir", str(folder), *map(str, sources),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder


def tokens(text: str) -> list[str]:
    return TOKEN.findall(unicodedata.normalize("NFC", text).casefold().replace("–", "-"))


def recall(expected: str, found: str) -> float:
    """The share of the tokens put in that were read, each counted as often as it stands."""
    wanted, got = Counter(tokens(expected)), Counter(tokens(found))
    return sum((wanted & got).values()) / sum(wanted.values())


def order(expected: str, found: str) -> float:
    """The share of the neighbouring pairs of tokens put in that were read as neighbours, in that order."""
    wanted, got = Counter(pairwise(tokens(expected))), Counter(pairwise(tokens(found)))
    return sum((wanted & got).values()) / sum(wanted.values())


def missing(expected: str, found: str) -> list[str]:
    """For the message of a failing test."""
    return sorted((Counter(tokens(expected)) - Counter(tokens(found))).elements())
