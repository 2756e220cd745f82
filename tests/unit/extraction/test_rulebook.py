from pathlib import Path

import pytest

from domain.errors import ConfigProblem
from extraction.analyser import Analyser
from extraction.rule_files import differing, rules_hash
from extraction.rulebook import Rulebook, find, load_rulebook, run_examples

SHIPPED = Path(__file__).parents[3] / "config" / "rules"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def found(text: str, language: str, rulebook: Rulebook, analyser: Analyser) -> dict[str, str]:
    """Theme → reason why it does not count."""
    findings = find(text, language, rulebook=rulebook, analyser=analyser)
    return {finding.rule.key: finding.reason for finding in findings if finding.rule.group.startswith("themes/")}


def test_every_example_of_the_shipped_rules_holds(rulebook: Rulebook, analyser: Analyser) -> None:
    results = run_examples(rulebook, analyser)
    assert [result for result in results if not result.passed] == []
    assert len(results) >= 600
    assert {result.language for result in results} == {"en", "fr", "es", "ar", "ru"}


def test_an_example_that_fails_is_named_with_what_was_found(folder: Path, analyser: Analyser) -> None:
    edit(
        folder / "themes" / "crisis_migration.yaml", "Never worked on displacement data.", "Study of displacement data."
    )
    (failed,) = [result for result in run_examples(load_rulebook(folder), analyser) if not result.passed]
    assert (failed.rule, failed.language) == ("themes/crisis_migration/displaced_people", "en")
    assert "displacement" in failed.why


@pytest.mark.parametrize(
    ("language", "sentence", "theme", "counts"),
    [
        ("en", "No experience in counter trafficking, but led camp management in Dadaab.", "humanitarian_action", True),
        ("en", "No experience in counter trafficking, but led camp management.", "counter_trafficking", False),
        ("fr", "Aucune expérience du retour volontaire, mais gestion de camps.", "humanitarian_action", True),
        ("fr", "Aucune expérience du retour volontaire, mais gestion de camps.", "return_reintegration", False),
        ("es", "Sin experiencia en retorno voluntario, pero sí en protección civil.", "disaster_preparedness", True),
        ("ar", "ليس لدي خبرة في مكافحة الاتجار بالبشر، لكن أدرت عمليات الإغاثة", "humanitarian_action", True),
        ("ar", "ليس لدي خبرة في مكافحة الاتجار بالبشر، لكن أدرت عمليات الإغاثة", "counter_trafficking", False),
        ("ru", "Опыта борьбы с торговлей людьми нет, но руководил лагерем беженцев.", "humanitarian_action", True),
        ("ru", "Опыта борьбы с торговлей людьми нет, но руководил лагерем беженцев.", "counter_trafficking", False),
    ],
)
def test_a_denial_ends_where_the_sentence_turns(
    rulebook: Rulebook, analyser: Analyser, language: str, sentence: str, theme: str, counts: bool
) -> None:
    reasons = found(sentence, language, rulebook, analyser)
    assert (reasons[theme] == "") is counts


def test_lines_of_a_text_hold_what_they_hold_alone(rulebook: Rulebook, analyser: Analyser) -> None:
    lines = (
        "Evacuated stranded migrants.",
        "Trained border guards on trafficking.",
        "Ran a camp for the displaced.",
    )
    text, start = "\n".join(lines), len(lines[0]) + 1
    within = find(text, "en", rulebook=rulebook, analyser=analyser, start=start, end=start + len(lines[1]))
    alone = find(lines[1], "en", rulebook=rulebook, analyser=analyser)
    assert alone
    assert [(f.rule.id, f.start - start, f.end - start) for f in within] == [(f.rule.id, f.start, f.end) for f in alone]


def test_a_name_of_an_organisation_is_no_work(rulebook: Rulebook, analyser: Analyser) -> None:
    reasons = found("Accountant, Centre for Disaster Preparedness", "en", rulebook, analyser)
    assert reasons == {"disaster_preparedness": "part of an organisation's name"}


def test_an_abbreviation_counts_in_every_language_but_only_in_capitals(rulebook: Rulebook, analyser: Analyser) -> None:
    assert "return_reintegration" in found("منسق برنامج AVRR", "ar", rulebook, analyser)
    assert "crisis_migration" not in found("dtm", "en", rulebook, analyser)


def test_all_problems_are_told_at_once_with_file_and_line(folder: Path) -> None:
    edit(
        folder / "themes" / "crisis_migration.yaml",
        "      - [migration_word, cause, study]",
        "      - [migration_wrd, cause]",
    )
    edit(folder / "concepts.yaml", '    fr: ["thèse", "mémoire"]', '    francais: ["thèse"]')
    edit(folder / "cues.yaml", "    scope: after", "    scope: behind")
    (folder / "themes" / "tourism.yaml").write_text("rules: {}\n", encoding="utf-8")
    with pytest.raises(ConfigProblem) as caught:
        load_rulebook(folder)
    told = {(problem.file, problem.line) for problem in caught.value.problems}
    lines = (folder / "concepts.yaml").read_text(encoding="utf-8").splitlines()
    assert ("config/rules/concepts.yaml", 1 + next(i for i, line in enumerate(lines) if "francais" in line)) in told
    assert any("migration_wrd" in problem.message for problem in caught.value.problems)
    assert any("after, clause, next, name" in problem.message for problem in caught.value.problems)
    assert ("config/rules/themes/tourism.yaml", None) in told


def test_broken_yaml_is_told_with_its_line(folder: Path) -> None:
    (folder / "inputs.yaml").write_text("inputs:\n  a: [\n", encoding="utf-8")
    with pytest.raises(ConfigProblem, match=r"config/rules/inputs\.yaml:\d+: "):
        load_rulebook(folder)


def test_a_term_that_is_no_text_is_explained(folder: Path) -> None:
    edit(folder / "concepts.yaml", 'en: ["thesis",', "en: [2030, ")
    with pytest.raises(ConfigProblem, match="between quotes"):
        load_rulebook(folder)


@pytest.mark.parametrize("name", ["levels.yaml", "themes/crisis_migration.yaml", "cities.txt", "given_names.txt"])
def test_the_hash_changes_with_any_byte_and_with_nothing_else(folder: Path, name: str) -> None:
    before = rules_hash(folder)
    assert before == rules_hash(SHIPPED) == load_rulebook(folder).hash
    assert differing(folder, SHIPPED) == ()
    with (folder / name).open("a", encoding="utf-8") as file:
        file.write("# a note\n")
    assert rules_hash(folder) != before
    assert differing(folder, SHIPPED) == (name,)


def test_a_filter_that_cannot_work_is_told_with_its_line(folder: Path) -> None:
    edit(folder / "triage" / "filters.yaml", "    at_least: 6", "    at_least: many")
    edit(folder / "triage" / "filters.yaml", "    pattern: '^1\\b'", "    pattern: '('")
    with pytest.raises(ConfigProblem) as caught:
        load_rulebook(folder)
    told = {problem.line: problem.message for problem in caught.value.problems}
    assert len(told) == 2
    assert any("number" in message for message in told.values())
    assert any("regular expression" in message for message in told.values())


def test_small_words_count_where_a_concept_says_so(rulebook: Rulebook, analyser: Analyser) -> None:
    def signals(text: str) -> set[str]:
        return {finding.rule.id for finding in find(text, "en", rulebook=rulebook, analyser=analyser)}

    away = "signals/absence/away_for_now"
    assert away in signals("I am on leave till Monday.")
    assert away not in signals("I leave the house until Monday.")


def test_one_word_does_not_serve_two_concepts_of_several_sentences(rulebook: Rulebook, analyser: Analyser) -> None:
    rules = {f.rule.id for f in find("We offer shelter to victims.", "en", rulebook=rulebook, analyser=analyser)}
    assert "signals/trade/sells_something" not in rules
