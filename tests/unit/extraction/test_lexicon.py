import pytest

from extraction.lexicon import Lexicon, Word, first_word, forms_of, words


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("place of residence", "My Place of Résidence: Vienna"),
        ("لاجئين", "عملت مع اللاجئين"),
        ("لاجئين", "واللاجئين"),
        ("Каир", "живу: Каир"),
        ("née", "NEE Martin"),
    ],
)
def test_a_quick_look_never_denies_what_is_found(phrase: str, text: str) -> None:
    lexicon = Lexicon([(phrase, "found")])
    assert [match.value for match in lexicon.find(words(text))] == ["found"]
    assert lexicon.opens(forms_of(text))


def test_a_quick_look_spares_a_text_without_a_first_word_of_any_phrase() -> None:
    lexicon = Lexicon([("place of residence", "")])
    assert not lexicon.opens(forms_of("The residence of others"))
    assert lexicon.opens(forms_of("in place of others", 0, 8))
    assert not lexicon.opens(forms_of("in place of others", 8))


@pytest.mark.parametrize("text", ["– 12. Élan vital", "وثيقة سفر", "", "—"])
def test_the_first_word_is_the_first_of_all(text: str) -> None:
    assert first_word(text) == next(iter(words(text)), None)


def test_a_phrase_is_held_even_inside_a_longer_one() -> None:
    lexicon = Lexicon([("first", 1), ("first certificate in english", 2)])
    assert lexicon.holds(words("the first certificate in English"), lambda value: value == 1)
    assert lexicon.holds(words("the first certificate in English"), lambda value: value == 2)
    assert not lexicon.holds(words("the first certificate"), lambda value: value == 2)


@pytest.mark.parametrize("text", ["Head of unit, 1.5+ years (e-mail: a.b@example.org)", "12+a الاسم: أَحمد 3,4٪ й"])
def test_a_stretch_has_the_words_that_it_has_alone(text: str) -> None:
    words(text)
    for start in range(len(text)):
        for end in range(start, len(text) + 1):
            alone = words(text[start:end])
            assert words(text, start, end) == tuple(Word(w.start + start, w.end + start, w.key) for w in alone)
