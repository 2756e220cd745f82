"""What a newcomer sees: the demo from one command, and every command on what it leaves behind."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ADEYEMI = "Ngozi Adeyemi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    said: str  # by the demo
    data: Path
    environment: dict[str, str]

    def micic(self, *arguments: str, code: int = 0, **more: str) -> str:
        command = [sys.executable, "-m", "service.commands", *arguments]
        environment = self.environment | {"COLUMNS": "200"} | more
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=100)
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def of_the_demo(self, *arguments: str, code: int = 0) -> str:
        """A command on the store that the demo left."""
        return self.micic(*arguments, code=code, MICIC_STORE__DATA=str(self.data / "demo"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    data = tmp_path_factory.mktemp("newcomer")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MICIC_")}
    environment |= {"MICIC_STORE__DATA": str(data)}
    empty = Desk(said="", data=data, environment=environment)
    yield Desk(said=empty.micic("demo"), data=data, environment=environment)


def test_the_demo_enrols_experts_of_five_languages_and_says_where_to_look(desk: Desk) -> None:
    for name in (ADEYEMI, "TRAORÉ Bakary", "Lucía Quispe Arancibia", "سلمى الخطيب", "Асель Токтогулова"):
        assert name in desk.said
    assert "9 mails came, 5 people are on the roster, 8 mails went out" in desk.said
    assert "micic demo --show" in desk.said


def test_the_letters_can_be_read_in_the_language_of_each_applicant(desk: Desk) -> None:
    shown = desk.micic("demo", "--show")
    for words in (
        "Здравствуйте, Асель",
        "Bonjour",
        "Lucía Quispe Arancibia:",
        "سلمى الخطيب",
        "Dear Ngozi Adeyemi",
        "daily digest",
    ):
        assert words in shown


def test_an_entry_is_found_and_shown_with_its_evidence(desk: Desk) -> None:
    listed = desk.of_the_demo("roster", "search", "--theme", "emergency_consular_affairs", "--language", "en:C")
    assert ADEYEMI in listed
    (number,) = re.findall(rf"(\d+) +{ADEYEMI}", desk.of_the_demo("roster", "search", "adey"))
    shown = desk.of_the_demo("roster", "show", number)
    assert "consular contingency plan" in shown
    assert re.search(r"\(themes/emergency_consular_affairs/\w+, page 1\)", shown)


def test_the_roster_leaves_as_json_and_as_a_table(desk: Desk) -> None:
    people = [json.loads(line) for line in desk.of_the_demo("roster", "export").splitlines()]
    assert len(people) == 5
    adeyemi = next(person for person in people if person["name"] == ADEYEMI)
    assert adeyemi["languages"]["en"] == "native"
    table = list(csv.DictReader(StringIO(desk.of_the_demo("roster", "export", "--csv"))))
    assert {row["name"] for row in table} == {person["name"] for person in people}
    assert all(not row["phones"].startswith("+") for row in table)  # a spreadsheet would take it for a formula


def test_status_and_digest_tell_how_things_stand(desk: Desk) -> None:
    assert re.search(r"messages settled +9", desk.of_the_demo("status"))
    digest = desk.of_the_demo("digest")
    assert ADEYEMI in digest
    assert "has not been read since" not in digest  # the day is not over
    page = desk.data / "pages" / "digest.html"
    assert str(page) in desk.of_the_demo("digest", "--html", str(page))
    assert ADEYEMI in page.read_text(encoding="utf-8")
    assert desk.of_the_demo("retry", "1", code=1).strip() == "message 1: is not in quarantine"


def test_sentences_of_cvs_stay_out_of_the_digest_where_staff_want_it_so(desk: Desk) -> None:
    sentence, theme = "text-message service", "Migrant communication and outreach"
    told = desk.of_the_demo("digest")
    assert sentence in told
    bare = desk.micic("digest", MICIC_STORE__DATA=str(desk.data / "demo"), MICIC_STAFF__DIGEST_EVIDENCE="false")
    assert sentence not in bare
    assert bare.count(theme) == told.count(theme)


def test_a_mistyped_number_is_told_in_one_line(desk: Desk) -> None:
    desk.of_the_demo("roster", "show", "999", code=2)
    desk.of_the_demo("roster", "search", "--language", "fr:perfect", code=2)


def test_the_rules_pass_their_own_examples(desk: Desk) -> None:
    assert re.search(r"\d{3,} examples, 0 fail", desk.micic("rules", "test"))


def test_reading_a_mail_without_json_shows_parts_people_and_evidence(desk: Desk) -> None:
    mail = Path(__file__).parents[2] / "service/demo/applications"
    shown = desk.micic("read", str(sorted(mail.glob("*.eml"))[0]))
    assert "application" in shown
    assert re.search(r"document|body", shown)


def test_an_erased_person_is_gone_from_search_export_and_disk(desk: Desk) -> None:
    (number,) = re.findall(r"(\d+) +Lucía", desk.of_the_demo("roster", "search", "Quispe"))
    before = sum(1 for path in (desk.data / "demo/blobs").rglob("*") if path.is_file())
    desk.of_the_demo("roster", "erase", number, "--yes")
    desk.of_the_demo("roster", "search", "Quispe", code=1)
    assert "Quispe" not in desk.of_the_demo("roster", "export")
    assert sum(1 for path in (desk.data / "demo/blobs").rglob("*") if path.is_file()) == before - 2


def test_what_staff_say_of_an_entry_is_put_down_and_told(desk: Desk) -> None:
    (number,) = re.findall(r"(\d+) +Асель", desk.of_the_demo("roster", "search", "Токтогулова"))
    desk.of_the_demo("roster", "correct", number, "counter_trafficking=no", "de=B")
    assert f"person {number}: confirmed ru" in desk.of_the_demo("roster", "confirm", number, "ru")
    shown = desk.of_the_demo("roster", "show", number)
    assert re.search(r": de=B$", shown, re.MULTILINE)
    assert re.search(r": ru=C, rules said C$", shown, re.MULTILINE)
    assert "Russian: 1 of 1 right" in desk.of_the_demo("digest")
    for wrong in ("counter_trafficking", "counter_trafficking=C", "nonsense=yes", "de=fluent"):
        desk.of_the_demo("roster", "correct", number, wrong, code=2)
    desk.of_the_demo("roster", "correct", "999", "de=B", code=2)
