"""What was read is kept as long as some message holds the file, and goes with the person."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from roster import people, readings, rereading
from roster.erasure import erase
from roster.readings import Key, Reading
from roster.store import Store
from roster.tables import About, cv_version, language_skill, reading, tag
from tests.integration.roster.cases import NOW, decision, digest_of, parts, profile, take_in, theme

DAY = timedelta(days=1)
OF_CV = Key(digest=digest_of("2"), media_type="application/pdf", extent="pages=80")
TEXT = Reading(reader="pdfium/1", content=b"Curriculum vitae of A. Diop")
BO = profile(name="Bo Berg", emails=("bo@example.org",), phones=(), documents=("2",))


def kept(store: Store) -> set[str]:
    with store.read() as db:
        return set(db.execute(sa.select(reading.c.digest)).scalars())


def test_what_was_kept_is_found_by_file_type_and_extent(store: Store) -> None:
    readings.keep(store, OF_CV, TEXT)
    assert readings.find(store, OF_CV) == TEXT
    for other in (
        replace(OF_CV, digest=digest_of("3")),
        replace(OF_CV, media_type="text/plain"),
        replace(OF_CV, extent="pages=1"),
    ):
        assert readings.find(store, other) is None


def test_a_newer_reading_takes_the_place_of_an_older_one(store: Store) -> None:
    newer = Reading(reader="pdfium/2", content=b"better")
    readings.keep(store, OF_CV, TEXT)
    readings.keep(store, OF_CV, newer)
    assert readings.find(store, OF_CV) == newer


def test_what_was_read_of_a_person_goes_with_them(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    letter = replace(OF_CV, digest=digest_of("1"))
    readings.keep(store, OF_CV, TEXT)
    readings.keep(store, letter, TEXT)
    erase(store, 1, actor="staff", now=NOW)
    assert kept(store) == set()


def test_what_was_read_of_others_stays(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    others = tuple(replace(part, digest=digest_of(f"other {part.path}")) for part in parts())
    take_in(store, 2, decision(BO, sender="bo@example.org", parts=others), now=NOW + DAY)
    of_bo = replace(OF_CV, digest=digest_of("other 2"))
    readings.keep(store, OF_CV, TEXT)
    readings.keep(store, of_bo, TEXT)
    erase(store, 1, actor="staff", now=NOW)
    assert kept(store) == {of_bo.digest}


def test_a_cv_in_a_message_that_is_kept_for_others_is_no_longer_kept_as_text(store: Store) -> None:
    both = decision(profile(), replace(BO, documents=("3",)))
    (document,) = (one for one in both.documents if one.part_path == "2")
    held = tuple(replace(part, digest=document.digest) if part.path == "2" else part for part in both.parts)
    take_in(store, 1, replace(both, parts=held))
    of_cv = replace(OF_CV, digest=document.digest)
    readings.keep(store, of_cv, TEXT)
    gone = erase(store, 1, actor="staff", now=NOW)
    assert gone.shared == (1,)
    assert kept(store) == set()


def test_what_no_message_holds_goes_at_the_next_erasure(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    readings.keep(store, replace(OF_CV, digest=digest_of("of a message that was never settled")), TEXT)
    erase(store, 1, actor="staff", now=NOW)
    assert kept(store) == set()


def test_only_what_older_readers_read_is_read_again(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    take_in(store, 2, decision(BO, sender="bo@example.org"), now=NOW + DAY)
    assert rereading.outdated(store, {"pdfium/1"}) == ()
    assert [came.id for came in rereading.outdated(store, {"pdfium/2"})] == [1, 2]
    assert [came.digest for came in rereading.outdated(store, None)] == [digest_of("mail 1"), digest_of("mail 2")]


def test_what_a_newer_reader_finds_is_put_down_and_what_staff_confirmed_stays(store: Store) -> None:
    take_in(store, 1, decision(profile()))
    with store.begin() as db:
        key = (tag.c.person == 1, tag.c.about == About.THEME.value, tag.c.key == "return_reintegration")
        db.execute(sa.update(tag).where(*key).values(confirmed=False, holds=False))
        db.execute(sa.update(language_skill).where(language_skill.c.code == "en").values(confirmed="B", holds="B"))
    (came,) = rereading.outdated(store, None)
    better = profile(themes=(theme("return_reintegration"), theme("humanitarian_action")), years_experience=15)
    again = decision(better, text="More of the text", stems="more text")
    document = again.documents[0]
    assert document.text
    again = replace(again, documents=(replace(document, text=replace(document.text, reader="pdfium/2")),))
    assert rereading.put_down(store, came, again, now=NOW + DAY) == ()
    with store.read() as db:
        held = {
            row.key: row.holds for row in db.execute(sa.select(tag.c.key, tag.c.holds).where(tag.c.about == "theme"))
        }
        level = db.execute(sa.select(language_skill.c.holds).where(language_skill.c.code == "en")).scalar()
        versions = db.execute(sa.select(cv_version.c.reader, cv_version.c.text)).all()
    assert held == {"return_reintegration": False, "crisis_migration": False, "humanitarian_action": True}
    assert level == "B"
    assert versions == [("pdfium/2", "More of the text")]
    assert rereading.outdated(store, {"pdfium/2"}) == ()


def test_a_message_that_tells_no_longer_of_somebody_leaves_them_as_they_were(store: Store) -> None:
    take_in(store, 1, decision(profile(), replace(BO, documents=("3",))))
    (came,) = rereading.outdated(store, None)
    in_one = profile(documents=("2", "3"), years_experience=40)
    assert rereading.put_down(store, came, decision(), now=NOW) == (1, 2)
    assert rereading.put_down(store, came, decision(in_one), now=NOW) == (1, 2)
    assert rereading.put_down(store, came, decision(profile(years_experience=40)), now=NOW) == (2,)
    assert [people.show(store, id_).facts.years for id_ in (1, 2)] == [40, 14]


def test_a_document_that_is_no_cv_after_all_is_taken_for_one_no_longer(store: Store) -> None:
    take_in(store, 1, decision(profile(documents=("2", "3"))))
    (came,) = rereading.outdated(store, None)
    assert rereading.put_down(store, came, decision(profile()), now=NOW) == ()
    assert [version.part_path for version in people.show(store, 1).versions] == ["2"]
