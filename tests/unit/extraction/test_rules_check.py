"""`micic rules check`: a rule that does not do what its author thinks is named with file and line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from extraction.analyser import Analyser
from extraction.rulebook import Remark, check_rules
from service.commands import app

THEME = "themes/return_reintegration.yaml"
EN = 'en: ["assisted voluntary return"'  # where the phrases of its first rule begin
ES = 'es: ["retorno voluntario"'
AR = 'ar: ["العودة الطوعية"'


def edit(path: Path, old: str, new: str) -> int:
    """The line of the change, counted from 1."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def wrong(folder: Path, analyser: Analyser) -> list[Remark]:
    return [remark for remark in check_rules(folder, analyser) if remark.wrong]


@pytest.mark.parametrize(
    ("old", "planted", "kind", "words"),
    [
        (
            'en: ["assisted voluntary return"',
            EN.replace('["', '["return to", "'),
            "shrunk",
            "“return” alone",
        ),
        (EN, EN.replace('["', '["from the", "'), "never", "is never found"),
        (
            'en: ["assisted voluntary return"',
            EN.replace('["', '["return on investment", "'),
            "never",
            "not_with",
        ),
        (ES, ES.replace('["', '["retornados", "'), "stem too wide", "“retorno”"),
        (ES, ES.replace('["', '["deportados", "'), "stem too wide", "“deporte”"),
        (AR, AR.replace('["', '["العائدين", "'), "stem too wide", "“عائد”"),
    ],
)
def test_a_planted_wrong_term_is_found_with_its_line(
    folder: Path, analyser: Analyser, old: str, planted: str, kind: str, words: str
) -> None:
    line = edit(folder / THEME, old, planted)
    found = [remark for remark in wrong(folder, analyser) if words in remark.message]
    assert {(remark.problem.file, remark.problem.line) for remark in found} == {(f"config/rules/{THEME}", line)}
    assert all(remark.kind.startswith(kind) for remark in found)


def test_a_word_that_is_listed_itself_is_wanted(folder: Path, analyser: Analyser) -> None:
    edit(folder / THEME, ES, ES.replace('["', '["retornados", "retorno", "retornar", "'))
    assert not [remark for remark in wrong(folder, analyser) if "“retornados”" in remark.message]


def test_a_planted_missing_language_is_found(folder: Path, analyser: Analyser) -> None:
    line = edit(folder / "concepts.yaml", "concepts:\n", 'concepts:\n  planted:\n    en: ["word"]\n') + 1
    (found,) = [remark for remark in wrong(folder, analyser) if "planted" in remark.message]
    assert (found.kind, found.problem.line) == ("missing language", line)
    assert "no term for fr, es, ar, ru" in found.problem.message


def test_a_rule_that_finds_nothing_in_a_language_is_found(folder: Path, analyser: Analyser) -> None:
    edit(
        folder / THEME,
        "rules:\n",
        'rules:\n  planted:\n    phrases:\n      en: ["planted words"]\n      fr: ["mots"]\n',
    )
    (found,) = [remark for remark in wrong(folder, analyser) if "planted" in remark.message]
    assert "no term for es, ar, ru" in found.problem.message


def test_an_empty_list_says_that_a_language_has_no_word_for_it(folder: Path, analyser: Analyser) -> None:
    languages = "\n".join(f"    {language}: []" for language in ("fr", "es", "ar", "ru"))
    edit(folder / "concepts.yaml", "concepts:\n", f'concepts:\n  planted:\n    en: ["word"]\n{languages}\n')
    assert [remark for remark in wrong(folder, analyser) if "planted" in remark.message] == []


@pytest.mark.parametrize(
    ("old", "planted", "kind"),
    [
        (EN, EN + ', "assisted voluntary returns"', "said twice"),
        (EN, EN + ', "planted assisted voluntary return"', "covered"),
        (EN, EN + ', "camp management"', "in two themes"),
        ("rules:\n", 'rules:\n  bare:\n    phrases: {any: ["planted words"]}\n', "no example"),
    ],
)  # fmt: skip
def test_what_a_person_may_have_meant_is_advice(
    folder: Path, analyser: Analyser, old: str, planted: str, kind: str
) -> None:
    before = {remark.message for remark in check_rules(folder, analyser)}
    edit(folder / THEME, old, planted)
    fresh = [remark for remark in check_rules(folder, analyser) if remark.message not in before]
    assert kind in {remark.kind for remark in fresh}
    assert not any(remark.wrong for remark in fresh)


def test_a_concept_that_no_rule_uses_is_advice(folder: Path, analyser: Analyser) -> None:
    edit(folder / "concepts.yaml", "concepts:\n", 'concepts:\n  planted:\n    any: ["word"]\n')
    found = [remark for remark in check_rules(folder, analyser) if "planted" in remark.message]
    assert [(remark.kind, remark.wrong) for remark in found] == [("unused concept", False)]


def test_a_sentence_that_must_not_match_and_is_found_by_another_rule_is_told(folder: Path, analyser: Analyser) -> None:
    examples = '{no_match: {en: ["Ran assisted voluntary return."]}}'
    planted = f'rules:\n  planted:\n    phrases: {{any: ["planted words"]}}\n    examples: {examples}\n'
    edit(folder / THEME, "rules:\n", planted)
    found = [remark for remark in check_rules(folder, analyser) if remark.kind == "found by another rule"]
    assert [remark for remark in found if "“Ran assisted voluntary return.”" in remark.message]


def test_the_command_names_file_and_line_and_ends_with_1(folder: Path) -> None:
    config = str(folder.parent)
    line = edit(folder / THEME, ES, ES.replace('["', '["retornados", "'))
    planted = CliRunner().invoke(app, ["rules", "check", "--config", config])
    assert planted.exit_code == 1
    assert f"config/rules/{THEME}:{line}: “retornados” is also found in" in planted.output


PERSON, PLACES = "person.yaml", "places.yaml"


@pytest.mark.parametrize(
    ("file", "old", "planted", "told"),
    [
        (PERSON, "  name: [name,", "  name: [maiden name, name,", "“maiden name” is listed under name and under"),
        (PERSON, "  signature: [signed,", '  signature: [signed, "№",', "“№” holds marks only"),
        (PERSON, "suffixes: [jr,", "suffixes: [the third, jr,", "“the third” is never found"),
        (PERSON, "  - [Mr, Mrs,", "  - [Chief of staff, Mr, Mrs,", "“Chief of staff” is never found"),
        (PLACES, "countries:\n", "countries:\n  QQ: [Nowhere]\n", "QQ is no code"),
        (PLACES, "cities:\n", "cities:\n  UK: [Dundee]\n", "UK is no code"),
        (PLACES, "demonyms:\n", 'demonyms:\n  AQ: {en: "Antarctican"}\n', "in fr, es, ar, ru"),
        (PLACES, "demonyms:\n", 'demonyms:\n  AQ: {de: "Antarktisch"}\n', "de is no language"),
        (PLACES, '  AL: {en: "Albanian"', '  AL: {en: "Albanian, Kenyan"', "“Kenyan” is listed for AL and for KE"),
        (PLACES, "not_countries: [", "not_countries: [Ruritania, ", "“Ruritania”"),
    ],
)
def test_a_planted_mistake_in_the_lists_of_people_and_places_is_found_with_its_line(
    folder: Path, analyser: Analyser, file: str, old: str, planted: str, told: str
) -> None:
    line = edit(folder / file, old, planted) + planted.count("\n  ")
    (found,) = [remark.problem for remark in wrong(folder, analyser) if told in remark.message]
    assert (found.file, found.line) == (f"config/rules/{file}", line)


def test_a_language_without_its_list_of_words_is_found(folder: Path, analyser: Analyser) -> None:
    path = folder / PERSON
    lines = path.read_text(encoding="utf-8").split("\n")
    start = lines.index("living:")
    del lines[start + 5]
    path.write_text("\n".join(lines), encoding="utf-8")
    (found,) = [remark for remark in wrong(folder, analyser) if "living" in remark.message]
    assert (found.kind, found.problem.line) == ("missing language", start + 1)
    assert "no words for ru" in found.problem.message
