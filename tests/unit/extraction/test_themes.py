from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from domain.profile import Block, DocumentKind, DocumentText, ReadDocument, SectionKind, Tag
from extraction.analyser import Analyser
from extraction.inputs import headed_inputs, tag_inputs
from extraction.rulebook import Rulebook
from extraction.sections import load_structure_words
from extraction.sections import structure as structured
from extraction.structure import Period, PlacedBlock, Post, Section, Structure, YearMonth
from extraction.themes import Placed, outlined, placed_findings, tag_themes

NOW = date(2018, 6, 1)
RULES = Path(__file__).parents[3] / "config" / "rules"
K = SectionKind


def found_in(structure: Structure, analyser: Analyser, rulebook: Rulebook) -> list[Placed]:
    return list(placed_findings([outlined(structure, analyser)], analyser=analyser, rulebook=rulebook))


def cv(language: str, *sections: tuple[SectionKind, list[str]], ended: int | None = None) -> Structure:
    """A CV of these lines; with `ended`, one post from 2006 to that year spans it all."""
    built, lines, start = [], [], 0
    for kind, texts in sections:
        placed = []
        for text in texts:
            placed.append(PlacedBlock(block=Block(text=text, page=1), start=start, end=start + len(text)))
            start += len(text) + 1
            lines.append(text)
        built.append(Section(kind=kind, heading="", blocks=tuple(placed)))
    text = "\n".join(lines)
    period = Period(
        begins=YearMonth(year=2006, month=1),
        ends=YearMonth(year=ended or 2006, month=12),
        ongoing=False,
        start=0,
        end=0,
    )
    return Structure(
        part_path="2",
        text=text,
        language=language,
        kind=DocumentKind.CV,
        sections=tuple(built),
        posts=(Post(period=period, start=0, end=len(text)),) if ended else (),
    )


def themes(structure: Structure, rulebook: Rulebook, analyser: Analyser) -> dict[str, Tag]:
    return {tag.key: tag for tag in tag_themes(found_in(structure, analyser, rulebook), rulebook=rulebook, now=NOW)}


def test_evidence_leads_back_to_the_words_of_the_document(rulebook: Rulebook, analyser: Analyser) -> None:
    structure = cv("fr", (K.EXPERIENCE, ["Casques bleus, 1999.", "Identification des victimes de la traite à Agadez."]))
    (evidence,) = themes(structure, rulebook, analyser)["counter_trafficking"].evidence
    assert structure.text[evidence.start : evidence.end] == "victimes de la traite"
    assert evidence.sentence == "Identification des victimes de la traite à Agadez."
    assert (evidence.page, evidence.section, evidence.part_path) == (1, K.EXPERIENCE, "2")
    assert evidence.rule.startswith("themes/counter_trafficking/")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (K.INTERESTS, "an interest"),
        (K.OBJECTIVE, "an objective, not work done"),
        (K.REFERENCES, "stands under references"),
        (K.TRAINING_ATTENDED, "a course attended"),
        (K.SUMMARY, "claimed in the profile only"),
        (K.LETTER, "claimed in the letter only"),
    ],
)
def test_what_stands_in_the_wrong_place_is_kept_with_the_reason_but_does_not_count(
    rulebook: Rulebook, analyser: Analyser, kind: SectionKind, reason: str
) -> None:
    structure = cv("en", (K.EXPERIENCE, ["Accountant of a brewery"]), (kind, ["Assisted voluntary return"]))
    tag = themes(structure, rulebook, analyser)["return_reintegration"]
    assert not tag.holds
    assert [seen.reason for seen in tag.seen] == [reason]


def test_a_profile_counts_where_a_cv_tells_its_work_nowhere_else(rulebook: Rulebook, analyser: Analyser) -> None:
    structure = cv("en", (K.SUMMARY, ["For ten years I ran assisted voluntary return from Morocco."]))
    assert themes(structure, rulebook, analyser)["return_reintegration"].holds


def test_a_thesis_is_a_study_and_a_degree_is_not(rulebook: Rulebook, analyser: Analyser) -> None:
    degree = cv("en", (K.EXPERIENCE, ["Teacher"]), (K.EDUCATION, ["MA in Humanitarian Action, 2009"]))
    thesis = cv("en", (K.EXPERIENCE, ["Teacher"]), (K.EDUCATION, ["PhD, thesis on internal displacement, 2009"]))
    assert not themes(degree, rulebook, analyser)["humanitarian_action"].holds
    assert themes(thesis, rulebook, analyser)["crisis_migration"].holds


def test_too_little_evidence_abstains_and_shows_what_it_saw(rulebook: Rulebook, analyser: Analyser) -> None:
    structure = cv("en", (K.EXPERIENCE, ["Wrote on reintegration"]))
    tag = themes(structure, rulebook, analyser)["return_reintegration"]
    assert (tag.evidence, [seen.reason for seen in tag.seen]) == ((), ["too little alone"])


def test_a_sentence_in_another_script_is_read_in_its_language(rulebook: Rulebook, analyser: Analyser) -> None:
    structure = cv("ar", (K.EXPERIENCE, ["خبير في وزارة العدل", "Head of the shelter for victims of trafficking"]))
    assert themes(structure, rulebook, analyser)["counter_trafficking"].holds


def test_long_and_recent_work_is_stronger_than_short_and_old(rulebook: Rulebook, analyser: Analyser) -> None:
    line = (K.EXPERIENCE, ["Camp management in Dadaab"])
    old = themes(cv("en", line, ended=2006), rulebook, analyser)["humanitarian_action"]
    new = themes(cv("en", line, ended=2017), rulebook, analyser)["humanitarian_action"]
    assert 0 < old.strength < new.strength <= 1


def test_a_long_sentence_is_cut_at_words_around_the_match(rulebook: Rulebook, analyser: Analyser) -> None:
    structure = cv("en", (K.EXPERIENCE, ["paper " * 80 + "camp management in Dadaab " + "paper " * 80]))
    (evidence,) = themes(structure, rulebook, analyser)["humanitarian_action"].evidence
    assert len(evidence.sentence) <= 300
    assert "camp management" in evidence.sentence
    assert evidence.sentence.startswith("… paper") and evidence.sentence.endswith("paper …")


def test_the_same_text_gives_the_same_tags(rulebook: Rulebook, analyser: Analyser) -> None:
    structure = cv("ru", (K.EXPERIENCE, ["Распределение гуманитарной помощи беженцам в Донбассе"]))
    first = tag_themes(found_in(structure, analyser, rulebook), rulebook=rulebook, now=NOW)
    again = tag_themes(found_in(structure, Analyser(), rulebook), rulebook=rulebook, now=NOW)
    assert first == again != ()


def test_an_input_counts_only_beside_a_theme(rulebook: Rulebook, analyser: Analyser) -> None:
    beside = cv("en", (K.EXPERIENCE, ["Trained 200 border guards on asylum and non-refoulement"]))
    apart = cv("en", (K.EXPERIENCE, ["Trained 200 cooks of a hotel"]))
    (tag,) = tag_inputs(found_in(beside, analyser, rulebook), now=NOW)
    assert tag.key == "training_assessment" and tag.holds
    (tag,) = tag_inputs(found_in(apart, analyser, rulebook), now=NOW)
    assert [seen.reason for seen in tag.seen] == ["outside the themes of the call"] and not tag.holds


def test_an_input_counts_in_all_posts_of_one_who_has_come_into_the_field(
    rulebook: Rulebook, analyser: Analyser
) -> None:
    taught = ["Camp management in Dadaab", "Unrelated. " * 100, "Trained 60 municipal officers"]
    (tag,) = tag_inputs(found_in(cv("en", (K.EXPERIENCE, taught)), analyser, rulebook), now=NOW)
    assert tag.key == "training_assessment" and tag.holds


def test_under_a_heading_of_talks_each_line_is_one(rulebook: Rulebook, analyser: Analyser) -> None:
    lines = [
        Block(text=line)
        for line in (
            "CURRICULUM VITAE",
            "EXPERIENCE",
            "2010 - 2014 Camp management in Dadaab",
            "INVITED TALKS",
            "“What Dadaab showed us”, Nairobi, 2015",
        )
    ]
    document = ReadDocument(
        part_path="2",
        file_name="cv.docx",
        digest="0" * 64,
        text=DocumentText(blocks=tuple(lines), reader="test"),
    )
    seen = structured(document, language="en", words=load_structure_words(RULES), now=datetime(2017, 5, 1, tzinfo=UTC))
    (headed,) = headed_inputs([outlined(seen, analyser)], analyser=analyser, rulebook=rulebook)
    (tag,) = tag_inputs([*found_in(seen, analyser, rulebook), headed], now=NOW)
    assert (tag.key, tag.holds) == ("presentation", True)
    assert "What Dadaab showed us" in tag.evidence[0].sentence


@pytest.mark.parametrize("kind", [K.PUBLICATIONS, K.TRAINING_GIVEN])
def test_two_titles_of_a_list_do_not_say_together_what_neither_says(
    rulebook: Rulebook, analyser: Analyser, kind: SectionKind
) -> None:
    under_each_other = cv(
        "en", (kind, ["Towns at the frontier, 2012", "Refugees in cities, 2014", "Registration of land"])
    )
    in_one_line = cv(
        "en", (kind, ["Towns at the frontier, 2012. Refugees in cities, 2014. Registration of land, 2015."])
    )
    for structure in (under_each_other, in_one_line):
        assert "humanitarian_border_management" not in themes(structure, rulebook, analyser)


def test_a_title_and_what_stands_behind_it_are_read_together(rulebook: Rulebook, analyser: Analyser) -> None:
    lines = [
        "Sent back with nothing. Small loans for deportees in Kayes, 2015",
        "Keynote, Geneva, 2016:",
        "who stays behind",
    ]
    (evidence,) = themes(cv("en", (K.PUBLICATIONS, lines)), rulebook, analyser)["return_reintegration"].evidence
    assert evidence.sentence == lines[0]
    stretches = outlined(cv("en", (K.PUBLICATIONS, lines)), analyser).stretches[0]
    assert [start for start, _, _ in stretches] == [0, len(lines[0]) + 1]


def test_what_is_done_for_people_is_not_read_out_of_a_title(rulebook: Rulebook, analyser: Analyser) -> None:
    line = "Tents and blankets: an essay on displaced families, Oxford, 2014"
    assert not themes(cv("en", (K.PUBLICATIONS, [line])), rulebook, analyser)["humanitarian_action"].holds
    assert themes(cv("en", (K.EXPERIENCE, [line])), rulebook, analyser)["humanitarian_action"].holds


def test_an_assignment_from_outside_the_years_of_the_post_above_is_read_by_itself(
    rulebook: Rulebook, analyser: Analyser
) -> None:
    lines = ["2006 – 2008 Towns at the frontier", "{} Refugees in cities", "{} Registration of land"]
    for year, together in (("2007", True), ("2003", False)):
        written = [line.format(year) for line in lines]
        tags = themes(cv("en", (K.EXPERIENCE, written), ended=2008), rulebook, analyser)
        assert ("humanitarian_border_management" in tags) is together
