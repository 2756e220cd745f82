import subprocess
import sys

import pytest

from extraction.analyser import Analyser
from extraction.lookalikes import as_meant

SAMPLES = {
    "en": "Mr. J. Smith led border-guards' training in the U.S. Embassy. He evacuated 4,000 workers.",
    "fr": "L’évacuation d'urgence de l'ambassade, qu'il a menée. M. Dupont : « l’aide », n° 4 (Niger).",
    "es": "Coordinó la atención a víctimas de trata. Retornados: 1.200 personas.",
    "ar": "عملت في مساعدة اللاجئين، واستقبلت العائدين بالمخيمات. تدريب حرس الحدود.",
    "ru": "Работал в МЧС г. Ош. Внутренне перемещённые лица, добровольное возвращение.",
}


@pytest.mark.parametrize("language", SAMPLES)
def test_offsets_lead_back_to_the_text(analyser: Analyser, language: str) -> None:
    text = SAMPLES[language]
    tokens = analyser.tokens(text, language)
    assert all(text[t.start : t.end].strip() == text[t.start : t.end] != "" for t in tokens)
    gaps = "".join(c for i, c in enumerate(text) if not any(t.start <= i < t.end for t in tokens))
    assert not any(c.isalnum() for c in gaps)


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [
        ("en", "Evacuations of returnees", "evacuation of returnee"),
        ("fr", "RÉFUGIÉS EVACUES", "réfugié évacué"),
        ("fr", "gardes-frontières", "garde frontière"),
        ("fr", "l’évacuation", "l'évacuations"),
        ("es", "Víctimas", "victima"),
        ("ar", "وللاجئين", "اللاجئون"),
        ("ar", "بالعائدين", "العائدون"),
        ("ar", "وَاستقبال", "استقبال"),
        ("ru", "перемещённых", "перемещенные"),
        ("ru", "ПОГРАНИЧНОЙ", "пограничная"),
    ],
)
def test_forms_of_a_word_share_a_stem(analyser: Analyser, language: str, one: str, other: str) -> None:
    stems = [analyser.stems(text, language).split() for text in (one, other)]
    assert stems[0][-1] == stems[1][-1]


@pytest.mark.parametrize(
    ("language", "written", "meant"),
    [
        ("en", "migr\u0430tion", "migration"),  # a Cyrillic а
        ("en", "mig\u200bra\u200dtion", "migration"),
        ("ru", "мигр\u0061ция", "миграция"),  # a Latin a
        ("ar", "مـهـاجـريـن", "مهاجرين"),
        ("ar", "مها\u200fجرين", "مهاجرين"),
    ],
)
def test_a_word_is_found_by_how_it_looks(analyser: Analyser, language: str, written: str, meant: str) -> None:
    (found,) = analyser.tokens(written, language)
    assert (found.stem, found.end) == (analyser.stems(meant, language), len(written))


@pytest.mark.parametrize("word", ["IТ", "Москва", "Łódź", "α-тест", "Zürich"])
def test_a_word_whose_script_cannot_be_told_or_is_one_stays(word: str) -> None:
    assert as_meant(word) == word


def test_punctuation_has_no_stem(analyser: Analyser) -> None:
    assert [t.stem for t in analyser.tokens("one, two.", "en")] == ["one", "", "two", ""]


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            [
                "Mr. J. Smith led border-guards' training in the U.S. Embassy.",
                "He evacuated 4,000 workers.",
            ],
        ),
        ("ru", ["Работал в МЧС г. Ош.", "Внутренне перемещённые лица, добровольное возвращение."]),
        ("ar", ["عملت في مساعدة اللاجئين، واستقبلت العائدين بالمخيمات.", "تدريب حرس الحدود."]),
    ],
)
def test_abbreviations_and_initials_end_no_sentence(analyser: Analyser, language: str, sentences: list[str]) -> None:
    text = SAMPLES[language]
    assert [text[a:b] for a, b in analyser.sentences(text, language)] == sentences


def test_a_line_end_ends_a_sentence(analyser: Analyser) -> None:
    text = "Head of camp\nUNHCR, Dadaab"
    assert [text[a:b] for a, b in analyser.sentences(text, "en")] == ["Head of camp", "UNHCR, Dadaab"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Agent consulaire", "fr"),
        ("Experiencia laboral", "es"),
        ("AGENTE DE FRONTERA", "es"),
        ("Border guard", "en"),
        ("Опыт работы", "ru"),
        ("Опрос переселённых из-за оползней", "ru"),
        ("Радио сам на пројекту са људима из Ниша", "sr"),
        ("خبرة", "ar"),
        ("Працював у місії, їхній дім", "uk"),
        ("تجربه کاری گروه پناهندگان چند", "fa"),
        ("Trabalhei com refugiados em Angola durante muitos anos como coordenador", "pt"),
        ("2004 – 2012", "und"),
    ],
)
def test_the_language_of_short_texts(analyser: Analyser, text: str, language: str) -> None:
    assert analyser.language_of(text) == language


def test_french_is_cut_as_spacy_cuts_it_without_its_costly_pattern(analyser: Analyser) -> None:
    # In a process of its own: importing spaCy's French is what is avoided here.
    text = SAMPLES["fr"].replace("’", "'").replace("-", " ")
    code = f"import spacy; print([t.text for t in spacy.blank('fr')({text!r}) if not t.is_space])"
    theirs = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True)
    ours = [text[t.start : t.end] for t in analyser.tokens(text, "fr")]
    assert repr(ours) == theirs.stdout.strip()


@pytest.mark.parametrize("language", SAMPLES)
def test_a_line_gives_the_same_tokens_whatever_stands_above_it(analyser: Analyser, language: str) -> None:
    above, line = "Mr.  A. :\n) 10 a.m.\n\n", SAMPLES[language]
    below = analyser.tokens(above + line, language)
    alone = analyser.tokens(line, language)
    moved = [(t.start + len(above), t.end + len(above), t.norm, t.stem) for t in alone]
    assert [tuple(t) for t in below if t.start >= len(above)] == moved


@pytest.mark.parametrize("language", SAMPLES)
def test_pieces_kept_from_other_texts_give_the_tokens_that_a_whole_line_gives(language: str) -> None:
    text = f"{SAMPLES[language]} и др., EE. UU., :-) (a.m.)  M. O'Neil-Ruiz\t№5"
    whole, pieces = Analyser(), Analyser()
    for word in text.split():
        pieces.tokens(word, language)
    assert pieces.tokens(text, language) == whole.tokens(text, language)


def test_a_word_with_spaces_in_it_is_one_token(analyser: Analyser) -> None:
    text = "Выдача виз и др.\nВыдача виз"
    assert [text[t.start : t.end] for t in analyser.tokens(text, "ru")][:4] == ["Выдача", "виз", "и др.", "Выдача"]
