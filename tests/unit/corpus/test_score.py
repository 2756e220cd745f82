"""Perfect, empty and perturbed predictions on four made-up cases, against numbers counted by hand."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.corpus.score import ROBOTS, score

Json = dict[str, Any]


def person(name: str, **more: Any) -> Json:
    lists = ("emails", "phones", "nationalities", "themes", "themes_optional", "inputs", "inputs_optional", "documents")
    nulls = ("residence", "highest_degree", "years_experience", "eligible")
    return {"name": name, "languages": {}} | {k: [] for k in lists} | dict.fromkeys(nulls) | more


def case(kind: str, language: str, people: list[Json], *, review: bool = False) -> Json:
    message = {"kind": kind, "reply_language": language, "review": review, "acknowledge": kind not in ROBOTS}
    return {"message": message, "people": people}


@pytest.fixture
def gold() -> dict[str, Json]:
    diop = person(
        "Aïssatou Diop",
        emails=["a@example.org"],
        phones=["+221771234567"],
        nationalities=["SN"],
        residence="SN",
        highest_degree="master",
        years_experience=10,
        languages={"en": "native", "fr": "B"},
        themes=["crisis_migration"],
        themes_optional=["disaster_preparedness"],
        inputs=["presentation"],
        eligible=True,
        documents=["a.pdf"],
    )
    lukasz = person(
        "Béatrice Łukasz",
        emails=["b@example.org"],
        languages={"fr": "C", "ar": "native"},
        themes=["return_reintegration"],
        eligible=True,
        documents=["two.pdf"],
    )
    ali = person(
        "محمد علي",
        emails=["c@example.org"],
        languages={"es": "native"},
        years_experience=5,
        themes=["crisis_migration", "humanitarian_action"],
        eligible=False,
        documents=["two.pdf"],
    )
    return {
        "en-1": case("application", "en", [diop]),
        "fr-2": case("application", "fr", [lukasz, ali]),
        "fr-3": case("auto_reply", "fr", []),
        "en-4": case("application", "en", [], review=True),
    }


def check(report: Json, expected: Json) -> None:
    assert {name: report[name] for name in expected} == {
        name: value if value is None else pytest.approx(value) for name, value in expected.items()
    }


def test_a_perfect_prediction_scores_one_in_every_share(gold: dict[str, Json]) -> None:
    report = score(gold, copy.deepcopy(gold))["all"]
    counts = {"cases": 4, "people": 3, "false_acknowledgements": 0, "loop_acknowledgements": 0}
    shares = {name: value for name, value in report.items() if name not in counts and value is not None}
    assert set(shares.values()) == {1.0}
    check(report, counts)
    assert report["theme.counter_trafficking.f1"] is None  # nothing to measure it by


def test_no_prediction_at_all_is_an_empty_one(gold: dict[str, Json]) -> None:
    check(
        score(gold, {})["all"],
        {
            "kind_accuracy": 0,
            "acknowledge_accuracy": 0,
            "acknowledge_safety": 1,
            "review_precision": None,
            "review_recall": 0,
            "people_count_exact": 2 / 4,
            "name_exact": 0,
            "email_f1": 0,
            "language_level_accuracy": None,
            "themes_f1": 0,
            "theme.crisis_migration.precision": None,
            "entry_exact": 0,
        },
    )


def test_every_kind_of_mistake_is_counted_once(gold: dict[str, Json]) -> None:
    worse = copy.deepcopy(gold)
    one, two = worse["en-1"]["people"][0], worse["fr-2"]["people"][0]
    one |= {"name": "DIOP, Aissatou", "languages": {"en": "C", "fr": "B", "de": "A"}, "years_experience": 12}
    one |= {"themes": ["crisis_migration", "disaster_preparedness", "humanitarian_action"]}
    two |= {"name": "LUKASZ Beatrice", "emails": ["B@example.org", "x@example.org"], "eligible": None, "themes": None}
    two |= {"years_experience": 3}
    worse["fr-2"]["people"].reverse()  # the order of people is of no account
    worse["fr-3"]["message"] |= {"acknowledge": True}
    worse["en-4"]["message"] |= {"review": False, "kind": "enquiry"}
    worse["en-4"]["people"] = [{"name": "Nobody", "languages": {"ru": "native"}}]
    report = score(gold, worse)
    check(
        report["all"],
        {
            "kind_accuracy": 3 / 4,
            "acknowledge_accuracy": 3 / 4,
            "false_acknowledgements": 1,
            "loop_acknowledgements": 1,
            "acknowledge_safety": 0,
            "review_recall": 0,
            "people_count_exact": 3 / 4,
            "name_exact": 1,
            "email_f1": 6 / 7,
            "phone_f1": 1,
            "years_within_2": 2 / 3,
            "languages_f1": 10 / 12,
            "language_level_accuracy": 4 / 5,
            "native_recall": 2 / 3,
            "themes_f1": 6 / 8,
            "themes_macro_f1": (1 + 0 + 2 / 3) / 3,
            "eligible_accuracy": 2 / 3,
            "entry_exact": 1 / 3,
        },
    )
    check(report["fr"], {"entry_exact": 1 / 2, "themes_f1": 4 / 5, "loop_acknowledgements": 1})


def test_the_senders_own_address_is_no_error_where_the_labels_do_not_list_it(gold: dict[str, Json]) -> None:
    extra = copy.deepcopy(gold)
    extra["en-1"]["people"][0]["emails"].append("sender@example.org")
    known = gold | {"en-1": gold["en-1"] | {"senders": ["sender@example.org", "a@example.org"]}}
    check(score(known, extra)["all"], {"email_f1": 1, "entry_exact": 1})
    check(score(gold, extra)["all"], {"email_f1": 6 / 7, "entry_exact": 2 / 3})
