import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from domain.errors import ConfigProblem, Problem
from service.doctor import Check, Patient, State, catdoc, data_folder, examine, python, soffice, tesseract
from service.settings import Settings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHIPPED = Path(__file__).parents[3] / "config"
SERVERS = "mailbox: {host: imap.example.org, user: roster}\nrelay: {host: smtp.example.org}\n"
PASSWORD = {"MICIC_MAILBOX__PASSWORD": "s3cret-word"}


@pytest.fixture
def config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    folder.mkdir()
    shutil.copy(SHIPPED / "call.yaml", folder)
    (folder / "settings.yaml").write_text(SERVERS + "staff: {digest_to: team@example.org}")
    return folder


def patient(
    config: Path,
    *,
    environment: Mapping[str, str] = PASSWORD,
    loaders: Mapping[str, Callable[[], object]] | None = None,
    last_pass: Callable[[Settings], datetime | None] | None = None,
) -> Patient:
    return Patient(config=config, environment=environment, now=NOW, loaders=loaders or {}, last_pass=last_pass)


def found(patient: Patient) -> dict[str, Check]:
    return {check.name: check for check in examine(patient)}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Adds a program that prints something; no other program is found any more."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def add(name: str, script: str) -> None:
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)

    return add


def test_a_sound_installation_has_no_complaint(config: Path, programs: Callable[[str, str], None]) -> None:
    packs = "ara\\neng\\nfra\\nrus\\nspa\\n"
    programs("tesseract", f'case $1 in --version) echo "tesseract 5.3.0";; *) printf "List:\\n{packs}";; esac')
    programs("soffice", "echo LibreOffice 7.4.7")
    programs("catdoc", "echo Catdoc Version 0.95 >&2")
    checks = found(patient(config, last_pass=lambda _: NOW - timedelta(minutes=3)))
    assert {name: check.found for name, check in checks.items() if check.state is not State.OK} == {}
    assert checks["tesseract"].found == "tesseract 5.3.0, 5 languages"
    assert checks["catdoc"].found == "Catdoc Version 0.95"
    assert checks["call"].found == "icmpd-micic@icmpd.org, open, 8 themes"
    assert checks["clock"].found == "2026-03-01 13:00 in Europe/Vienna"
    assert checks["last pass"].found == "3 min ago"
    assert all(check.advice == "" for check in checks.values())


def test_a_missing_program_says_what_is_lost_and_what_to_install(programs: Callable[[str, str], None]) -> None:
    for check in (tesseract(), soffice(), catdoc()):
        assert check.state is State.WARNING
        assert "not installed" in check.found
        assert check.advice.startswith("apt-get install ")


def test_a_missing_language_pack_is_named(programs: Callable[[str, str], None]) -> None:
    programs("tesseract", 'case $1 in --version) echo "tesseract 5.3.0";; *) printf "eng\\nfra\\nrus\\n";; esac')
    check = tesseract()
    assert check.state is State.WARNING
    assert check.advice == "apt-get install tesseract-ocr-ara tesseract-ocr-spa"


def test_a_broken_program_counts_as_missing(programs: Callable[[str, str], None]) -> None:
    programs("soffice", "exit 3")
    assert soffice().state is State.WARNING


def test_every_package_that_is_asked_for_is_there() -> None:
    assert python().state is State.OK


def test_broken_settings_are_told_by_line_and_the_rest_is_examined_all_the_same(config: Path) -> None:
    (config / "settings.yaml").write_text("staff:\n  digest_at: noon\nmailbx: {}")
    checks = found(patient(config))
    assert checks["settings"].state is State.BAD
    assert checks["settings"].found == "2 problems"
    assert "config/settings.yaml:2: staff.digest_at must be" in checks["settings"].advice
    assert checks["call"].state is State.OK


def test_every_part_of_the_configuration_is_tried(config: Path) -> None:
    def broken() -> None:
        raise ConfigProblem(Problem(file="config/rules/themes/return.yaml", line=4, message="no such theme"))

    checks = found(patient(config, loaders={"rules": broken, "templates": lambda: None}))
    assert checks["rules"] == Check(
        name="rules",
        state=State.BAD,
        found="1 problem",
        advice="config/rules/themes/return.yaml:4: no such theme",
    )
    assert checks["templates"].state is State.OK


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "no mailbox: only the demo works"), (SERVERS, "nobody reads the digest")],
)
def test_what_is_not_set_yet_is_pointed_out(config: Path, text: str, said: str) -> None:
    (config / "settings.yaml").write_text(text)
    check = found(patient(config))["settings"]
    assert (check.state, check.found) == (State.WARNING, said)


@pytest.mark.parametrize(
    ("last", "state", "said"),
    [
        (None, State.WARNING, "the mailbox was never read"),
        (NOW - timedelta(minutes=59), State.OK, "59 min ago"),
        (NOW - timedelta(minutes=61), State.BAD, "61 min ago"),
        (NOW - timedelta(hours=30), State.BAD, "30 h ago"),
        (NOW - timedelta(days=3), State.BAD, "3 days ago"),
    ],
)
def test_a_mailbox_that_is_no_longer_read_is_noticed(
    config: Path, last: datetime | None, state: State, said: str
) -> None:
    check = found(patient(config, last_pass=lambda _: last))["last pass"]
    assert (check.state, check.found) == (state, said)


def test_a_data_folder_that_does_not_exist_yet_is_not_made(tmp_path: Path) -> None:
    check = data_folder(tmp_path / "var/deep")
    assert check.state is State.OK
    assert "made when first needed" in check.found
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_that_is_a_file_is_bad(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("")
    assert data_folder(tmp_path / "var").state is State.BAD


def test_a_full_disk_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for free, state in ((10 * 1024**3, State.OK), (4 * 1024**3, State.WARNING), (1024**2, State.BAD)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: shutil._ntuple_diskusage(0, 0, free))  # type: ignore[attr-defined]
        assert data_folder(tmp_path).state is state


def test_no_check_shows_a_secret(config: Path) -> None:
    assert "s3cret-word" not in repr(examine(patient(config)))
