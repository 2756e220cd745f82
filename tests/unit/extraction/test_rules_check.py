"""`micic rules check`: a rule that does not do what its author thinks is named with file and line."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from extraction.analyser import Analyser
from extraction.rulebook import Remark, check_rules
from service.commands import app
from tests.unit.extraction.conftest import RULES

THEME = "themes/return_reintegration.yaml"
PERSON, PLACES = "person.yaml", "places.yaml"
EN = 'en: ["assisted voluntary return", '  # where the phrases of the theme's first rule begin
ES = 'es: ["retorno voluntario", '
AR = 'ar: ["العودة الطوعية", '


def edit(path: Path, old: str, new: str) -> int:
    """The line of the change, counted from 1."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def wrong(folder: Path, analyser: Analyser) -> list[Remark]:
    return [remark for remark in check_rules(folder, analyser) if remark.wrong]


class Planted(NamedTuple):
    """A mistake put into a file, and what is told of it."""

    file: str
    behind: str  # the text of the file behind which it is put
    text: str
    told: str
    kind: str = ""


WRONG_TERMS = [
    Planted(THEME, EN, '"return to", ', "“return” alone", "shrunk"),
    Planted(THEME, EN, '"from the", ', "“from the” holds small words and marks only", "never"),
    Planted(THEME, EN, '"return on investment", ', "“return on investment” holds a word of its rule's", "never"),
    Planted(THEME, ES, '"retornados", ', "“retornados” is also found in “retorno”", "stem too wide"),
    Planted(THEME, ES, '"deportados", ', "“deporte”", "stem too wide"),
    Planted(THEME, AR, '"العائدين", ', "“عائد”", "stem too wide"),
]
WRONG_LISTS = [
    Planted(PERSON, "  name: [", "maiden name, ", "“maiden name” is listed under name and under"),
    Planted(PERSON, "  signature: [", '"№", ', "“№” holds marks only"),
    Planted(PERSON, "suffixes: [", "the third, ", "“the third” is never found"),
    Planted(PERSON, "  - [", "Chief of staff, ", "“Chief of staff” is never found"),
    Planted(PLACES, "countries:\n", "  QQ: [Nowhere]\n", "QQ is no code"),
    Planted(PLACES, "cities:\n", "  UK: [Dundee]\n", "UK is no code"),
    Planted(PLACES, "demonyms:\n", '  AQ: {en: "Antarctican"}\n', "in fr, es, ar, ru"),
    Planted(PLACES, "demonyms:\n", '  AX: {de: "Åländisch"}\n', "de is no language"),
    Planted(PLACES, '  AL: {en: "Albanian', ", Kenyan", "“Kenyan” is listed for AL and for KE"),
    Planted(PLACES, "not_countries: [", "Ruritania, ", "“Ruritania”"),
]


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory, analyser: Analyser) -> tuple[Path, list[Remark]]:
    """A folder with all these mistakes at once, and what is said of it."""
    folder = Path(shutil.copytree(RULES, tmp_path_factory.mktemp("spoiled") / "config" / "rules"))
    for mistake in (*WRONG_TERMS, *WRONG_LISTS):
        edit(folder / mistake.file, mistake.behind, mistake.behind + mistake.text)
    return folder, wrong(folder, analyser)


@pytest.fixture(scope="module")
def advice(analyser: Analyser) -> frozenset[str]:
    """What is said of the rules as they are."""
    return frozenset(remark.message for remark in check_rules(RULES, analyser))


@pytest.mark.parametrize("mistake", [*WRONG_TERMS, *WRONG_LISTS], ids=lambda mistake: mistake.told)
def test_a_planted_mistake_is_found_with_its_line(spoiled: tuple[Path, list[Remark]], mistake: Planted) -> None:
    folder, remarks = spoiled
    found = [remark for remark in remarks if mistake.told in remark.message]
    assert found
    assert all(remark.kind.startswith(mistake.kind) for remark in found)
    text = (folder / mistake.file).read_text("utf-8")
    line = text[: text.index(mistake.text, text.index(mistake.behind))].count("\n") + 1
    assert {(one.problem.file, one.problem.line) for one in found} == {(f"config/rules/{mistake.file}", line)}


def test_a_word_that_is_listed_itself_is_wanted(folder: Path, analyser: Analyser) -> None:
    edit(folder / THEME, ES, ES + '"retornados", "retorno", "retornar", ')
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
        (EN, EN + '"assisted voluntary returns", ', "said twice"),
        (EN, EN + '"planted assisted voluntary return", ', "covered"),
        (EN, EN + '"camp management", ', "in two themes"),
        ("rules:\n", 'rules:\n  bare:\n    phrases: {any: ["planted words"]}\n', "no example"),
    ],
)  # fmt: skip
def test_what_a_person_may_have_meant_is_advice(
    folder: Path, analyser: Analyser, advice: frozenset[str], old: str, planted: str, kind: str
) -> None:
    edit(folder / THEME, old, planted)
    fresh = [remark for remark in check_rules(folder, analyser) if remark.message not in advice]
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
    line = edit(folder / THEME, ES, ES + '"retornados", ')
    planted = CliRunner().invoke(app, ["rules", "check", "--config", config])
    assert planted.exit_code == 1
    assert f"config/rules/{THEME}:{line}: “retornados” is also found in" in planted.output


def test_a_language_without_its_list_of_words_is_found(folder: Path, analyser: Analyser) -> None:
    path = folder / PERSON
    lines = path.read_text(encoding="utf-8").split("\n")
    start = lines.index("living:")
    del lines[start + 5]
    path.write_text("\n".join(lines), encoding="utf-8")
    (found,) = [remark for remark in wrong(folder, analyser) if "living" in remark.message]
    assert (found.kind, found.problem.line) == ("missing language", start + 1)
    assert "no words for ru" in found.problem.message
