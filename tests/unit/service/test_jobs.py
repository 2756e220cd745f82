"""The jobs of the sandbox that are more than a call."""

from __future__ import annotations

import sys
from pathlib import Path

from extraction import readers as room
from extraction.read import READERS, ReadLimits, read
from service.jobs import StemsArguments, readers, stems


def test_a_word_is_searched_for_in_the_forms_of_all_five_languages() -> None:
    (word,) = stems(StemsArguments(text="migrantes"))
    assert {"migrant", "migr"} <= set(word)


def test_punctuation_is_no_word_of_a_query() -> None:
    assert len(stems(StemsArguments(text="return & reintegration"))) == 2


def test_every_reader_is_known_by_the_name_that_stands_on_what_it_reads(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("<p>A curriculum vitae</p>")
    known = readers("")
    for media_type in ("text/plain", "text/html"):
        assert read(file, media_type=media_type, limits=ReadLimits()).reader in known
    for place in READERS.values():
        module = sys.modules[f"{room.__name__}.{place.partition(':')[0]}"]
        assert any(value in known for value in vars(module).values() if isinstance(value, str)), place
