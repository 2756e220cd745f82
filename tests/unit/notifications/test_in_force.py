"""What staff save takes effect in the running program, and a mistake does not."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest

from domain.errors import ConfigProblem
from domain.mail import ReplyLanguage
from notifications.in_force import TemplatesInForce
from notifications.samples import acknowledgements
from notifications.translations import lagging


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def letter(templates: TemplatesInForce) -> str:
    return templates.current.letter("received", ReplyLanguage.EN, acknowledgements()[0]).text


def test_a_change_takes_effect_and_a_mistake_leaves_what_was_before(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "micic.templates")
    templates, file = TemplatesInForce(folder), folder / "received/en.txt"
    assert "Kind regards" in letter(templates)

    edit(file, "Kind regards", "Yours sincerely")
    assert "Kind regards" in letter(templates)  # until the next pass
    templates.refresh()
    assert "Yours sincerely" in letter(templates)

    edit(file, "Yours sincerely", "{{ nickname }}")
    templates.refresh()
    assert "Yours sincerely" in letter(templates)
    assert [problem.place for problem in templates.problems] == ["config/templates/received/en.txt:51"]
    assert "config/templates/received/en.txt:51" in caplog.text
    caplog.clear()
    templates.refresh()
    assert not caplog.records  # told once

    edit(file, "{{ nickname }}", "With thanks")
    templates.refresh()
    assert "With thanks" in letter(templates)
    assert not templates.problems


def test_without_sound_templates_to_begin_with_nothing_is_in_force_until_they_are_mended(folder: Path) -> None:
    edit(folder / "received/ru.txt", "{{ signature }}", "{{ signature")
    templates = TemplatesInForce(folder)
    for _ in range(2):
        with pytest.raises(ConfigProblem, match=r"config/templates/received/ru\.txt"):
            templates.refresh()
    edit(folder / "received/ru.txt", "{{ signature", "{{ signature }}")
    templates.refresh()
    assert "Kind regards" in letter(templates)


def test_a_start_with_a_mistake_works_with_the_copy_of_those_that_were_last_sound(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = tmp_path / "kept"
    edit(folder / "received/en.txt", "Kind regards", "Yours sincerely")
    shutil.copytree(folder, kept)
    edit(folder / "received/en.txt", "Yours sincerely", "{{ nickname }}")
    templates = TemplatesInForce(folder, kept=kept)
    assert "Yours sincerely" in letter(templates)
    assert [problem.place for problem in templates.problems] == ["config/templates/received/en.txt:51"]
    assert "config/templates/received/en.txt:51" in caplog.text
    edit(folder / "received/en.txt", "{{ nickname }}", "With thanks")
    assert templates.refresh()
    assert "With thanks" in letter(templates)


def test_a_copy_that_is_no_good_either_leaves_the_mistake_to_be_told(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    shutil.copytree(folder, kept)
    (kept / "frame.html").unlink()
    edit(folder / "received/en.txt", "Kind regards", "{{ nickname }}")
    with pytest.raises(ConfigProblem, match=r"config/templates/received/en\.txt:51"):
        TemplatesInForce(folder, kept=kept).refresh()


def test_the_shipped_translations_are_up_to_date(folder: Path) -> None:
    assert lagging(folder) == []


def test_a_translation_that_lags_behind_is_named_with_what_it_lacks(folder: Path) -> None:
    english = folder / "enquiry/en.txt"
    edit(english, "{{ signature }}", "{{ signature }}\n\nOne more thing about {{ call }}.\n\n{# revision 2 #}")
    edit(
        folder / "enquiry/fr.txt",
        "{{ signature }}",
        "{{ signature }}\n\nEncore un mot : {{ call }}.\n\n{# revision: 2 #}",
    )
    found = lagging(folder)
    assert {problem.file for problem in found} == {
        f"config/templates/enquiry/{code}.txt" for code in ("es", "ar", "ru")
    }
    assert {problem.message for problem in found} == {
        "lags behind en.txt: revision 1, the English one is at 2; 7 paragraphs, the English one has 8; "
        "it does not use call"
    }
