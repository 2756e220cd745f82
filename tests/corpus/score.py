"""Score what `micic read --json` makes of the labelled corpus. What the labels mean: README.md beside this file.

    python -m tests.corpus.score [--predictions FILE] [--cases FOLDER] [--only PATTERN] [--json] [--misses]

Without --predictions, `micic read --json` is run over the cases first. Figures are for all cases and by reply
language; each is a share of 1 unless it is a count, "-" where the corpus has nothing to measure it by:

    kind, reply_language, acknowledge _accuracy    cases with the right answer
    false_acknowledgements      count: acknowledged, though the label says not to
    loop_acknowledgements       count: those of them to auto_reply, bounce or spam. The worst error
    acknowledge_safety          auto_reply, bounce and spam cases that got no acknowledgement
    review_precision, _recall   of the cases that the labels send to review
    people_count_exact          cases with the right number of people
    name_exact                  people named right, whatever the case, accents, punctuation and order
    email, phone, nationality, documents, languages, themes, inputs _f1      micro-F1 of the sets; optional themes and
                                inputs are left out on both sides; a sender's address not labelled counts neither way
    residence, degree, eligible _accuracy          null is an answer of its own
    years_within_2              years of experience within 2; null only for null
    language_level_accuracy     levels right among the languages found rightly
    native_recall               native languages of the labels that were found as native
    theme.KEY.precision, .recall, .f1              the same for one theme; themes_macro_f1 is the mean of the f1
    entry_exact                 the headline: name, e-mails, languages with levels, themes and eligible all right

People of a case are paired one to one, best overlap of names, e-mails, phones and documents first. What a labelled
person should have and no predicted one has is missed; what a predicted person has beyond that is wrongly found.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from pathlib import Path
from typing import Any

from domain.profile import THEMES

CASES = Path(__file__).with_name("cases")
STRANGERS = Path(__file__).with_name("strangers")  # the same, written by people who knew the labels and no rule
REPLY_LANGUAGES = ("en", "fr", "es", "ar", "ru")
ROBOTS = ("auto_reply", "bounce", "spam")
UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ı": "i", "þ": "th", "æ": "ae", "œ": "oe", "\N{ARABIC TATWEEL}": None}
)

Json = dict[str, Any]
Figures = dict[str, float | int | None]


def name_tokens(name: str | None) -> list[str]:
    """A name as sorted tokens without case, accents and punctuation."""
    text = unicodedata.normalize("NFKD", (name or "").casefold()).translate(UNDECOMPOSED)
    return sorted(re.findall(r"\w+", "".join(c for c in text if not unicodedata.combining(c))))


def values(person: Json, key: str) -> set[str]:
    """A list of a person as a set, in the form in which its values compare."""
    plain = {unicodedata.normalize("NFC", value.strip()) for value in person.get(key) or []}
    if key == "emails":
        return {value.lower() for value in plain}
    if key == "phones":
        return {re.sub(r"[^\d+]", "", value) for value in plain}
    return plain


def overlap(gold: Json, found: Json) -> float:
    ours, theirs = Counter(name_tokens(gold["name"])), Counter(name_tokens(found.get("name")))
    names = 2 * (ours & theirs).total() / ((ours.total() + theirs.total()) or 1)
    return 2 * names + sum(bool(values(gold, k) & values(found, k)) for k in ("emails", "phones", "documents"))


def pair(gold: list[Json], found: list[Json]) -> list[tuple[Json | None, Json | None]]:
    """Labelled and predicted people one to one, best overlap first; None for who is left alone."""
    ranked = sorted((-overlap(g, f), abs(i - j), i, j) for i, g in enumerate(gold) for j, f in enumerate(found))
    partner: dict[int, int] = {}
    for _, _, i, j in ranked:
        if i not in partner and j not in partner.values():
            partner[i] = j
    paired: list[tuple[Json | None, Json | None]] = [
        (person, found[partner[i]] if i in partner else None) for i, person in enumerate(gold)
    ]
    return paired + [(None, person) for j, person in enumerate(found) if j not in partner.values()]


class Tally:
    """What was right, of how many; and for sets what was found, wrongly found and missed."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.of: Counter[str] = Counter()
        self.found: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()
        self.missed: Counter[str] = Counter()
        self.misses: list[str] = []  # in words, for who works on the rules

    def judge(self, name: str, right: bool, miss: str = "") -> None:
        self.right[name] += right
        self.of[name] += 1
        if miss and not right:
            self.misses.append(f"{name}: {miss}")

    def sets(self, name: str, gold: set[Any], found: set[Any]) -> None:
        self.found[name] += len(gold & found)
        self.wrong[name] += len(found - gold)
        self.missed[name] += len(gold - found)
        if gold != found and not name.startswith("theme."):
            self.misses.append(f"{name}: missed {sorted(gold - found)}, wrong {sorted(found - gold)}")

    def add(self, other: Tally) -> None:
        for name in ("right", "of", "found", "wrong", "missed"):
            getattr(self, name).update(getattr(other, name))

    def share(self, name: str) -> float | None:
        return self.right[name] / self.of[name] if self.of[name] else None

    def precision(self, name: str) -> float | None:
        total = self.found[name] + self.wrong[name]
        return self.found[name] / total if total else None

    def recall(self, name: str) -> float | None:
        total = self.found[name] + self.missed[name]
        return self.found[name] / total if total else None

    def f1(self, name: str) -> float | None:
        total = 2 * self.found[name] + self.wrong[name] + self.missed[name]
        return 2 * self.found[name] / total if total else None


def score_sets(tally: Tally, ours: Json, theirs: Json, senders: frozenset[str]) -> None:
    emails = values(ours, "emails")
    tally.sets("email", emails, values(theirs, "emails") - (senders - emails))
    for figure, key in (("phone", "phones"), ("nationality", "nationalities"), ("documents", "documents")):
        tally.sets(figure, values(ours, key), values(theirs, key))
    for key in ("themes", "inputs"):
        optional = values(ours, f"{key}_optional")
        tally.sets(key, values(ours, key) - optional, values(theirs, key) - optional)
    optional = values(ours, "themes_optional")
    for theme in THEMES:
        tally.sets(
            f"theme.{theme}",
            (values(ours, "themes") - optional) & {theme},
            (values(theirs, "themes") - optional) & {theme},
        )


def score_languages(tally: Tally, ours: Json, theirs: Json) -> bool:
    """Count the languages of a pair; whether all are right, with their levels."""
    gold, found = (dict(side.get("languages") or {}) for side in (ours, theirs))
    tally.sets("languages", set(gold), set(found))
    for code in sorted(set(gold) & set(found)):
        tally.judge("language_level_accuracy", gold[code] == found[code], f"{code} is {gold[code]}, not {found[code]}")
    for code in (code for code, level in gold.items() if level == "native"):
        tally.judge("native_recall", found.get(code) == "native")
    return bool(gold == found)


def score_person(tally: Tally, gold: Json | None, found: Json | None, senders: frozenset[str] = frozenset()) -> None:
    """Count one pair; either side may be missing."""
    ours, theirs = gold or {}, found or {}
    score_sets(tally, ours, theirs, senders)
    languages = score_languages(tally, ours, theirs)
    if gold is None:
        return
    tally.of["people"] += 1
    both = found is not None
    named = both and name_tokens(ours["name"]) == name_tokens(theirs.get("name"))
    tally.judge("name_exact", named, f"{ours['name']!r}, not {theirs.get('name')!r}")
    for figure, key in (("eligible", "eligible"), ("residence", "residence"), ("degree", "highest_degree")):
        want, have = ours.get(key), theirs.get(key)
        right = both and (want is have if figure == "eligible" else want == have)
        tally.judge(f"{figure}_accuracy", right, f"{want!r}, not {have!r}")
    want, have = ours.get("years_experience"), theirs.get("years_experience")
    near = want is have if want is None or have is None else abs(want - have) <= 2
    tally.judge("years_within_2", both and near, f"{want!r}, not {have!r}")
    optional, emails = values(ours, "themes_optional"), values(ours, "emails")
    exact = (
        named
        and ours.get("eligible") is theirs.get("eligible")
        and languages
        and values(ours, "themes") - optional == values(theirs, "themes") - optional
        and emails == values(theirs, "emails") - (senders - emails)
    )
    tally.judge("entry_exact", exact)


def score_case(gold: Json, prediction: Json) -> Tally:
    """Count one case. `gold` may carry "senders": the addresses of From and Reply-To."""
    tally = Tally()
    ours, theirs = gold["message"], prediction.get("message") or {}
    people = prediction.get("people") or []
    tally.of["cases"] += 1
    for key in ("kind", "reply_language"):
        tally.judge(f"{key}_accuracy", ours[key] == theirs.get(key), f"{ours[key]}, not {theirs.get(key)}")
    sent = theirs.get("acknowledge") is True
    tally.judge("acknowledge_accuracy", ours["acknowledge"] is theirs.get("acknowledge"), f"not {sent}")
    tally.right["false_acknowledgements"] += sent and not ours["acknowledge"]
    if ours["kind"] in ROBOTS:
        tally.right["loop_acknowledgements"] += sent
        tally.judge("acknowledge_safety", not sent)
    tally.sets("review", {"review"} if ours["review"] else set(), {"review"} if theirs.get("review") is True else set())
    tally.judge("people_count_exact", len(gold["people"]) == len(people), f"{len(gold['people'])}, not {len(people)}")
    senders = frozenset(gold.get("senders", ()))
    for one, other in pair(gold["people"], people):
        score_person(tally, one, other, senders)
    return tally


def figures(t: Tally) -> Figures:
    """The table's column of one tally, in the order in which it is printed."""
    by_theme = [f for f in (t.f1(f"theme.{theme}") for theme in THEMES) if f is not None]
    out: Figures = {"entry_exact": t.share("entry_exact"), "cases": t.of["cases"], "people": t.of["people"]}
    out |= {n: t.share(n) for n in ("kind_accuracy", "reply_language_accuracy", "acknowledge_accuracy")}
    out |= {n: t.right[n] for n in ("false_acknowledgements", "loop_acknowledgements")}
    out["acknowledge_safety"] = t.share("acknowledge_safety")
    out |= {"review_precision": t.precision("review"), "review_recall": t.recall("review"), "review_f1": t.f1("review")}
    out |= {n: t.share(n) for n in ("people_count_exact", "name_exact")}
    out |= {f"{n}_f1": t.f1(n) for n in ("email", "phone", "nationality")}
    out |= {n: t.share(n) for n in ("residence_accuracy", "degree_accuracy", "years_within_2")}
    out["languages_f1"] = t.f1("languages")
    out |= {n: t.share(n) for n in ("language_level_accuracy", "native_recall")}
    out |= {"themes_f1": t.f1("themes"), "themes_macro_f1": sum(by_theme) / len(by_theme) if by_theme else None}
    out |= {"inputs_f1": t.f1("inputs"), "eligible_accuracy": t.share("eligible_accuracy")}
    out["documents_f1"] = t.f1("documents")
    for name in (f"theme.{theme}" for theme in THEMES):
        out |= {f"{name}.precision": t.precision(name), f"{name}.recall": t.recall(name), f"{name}.f1": t.f1(name)}
    return out


def score(gold: dict[str, Json], predictions: dict[str, Json]) -> dict[str, Figures]:
    """Figures by group: "all", then each reply language that occurs. A case with no prediction counts as empty."""
    groups: dict[str, Tally] = {"all": Tally()}
    for name, labels in sorted(gold.items()):
        tally = score_case(labels, predictions.get(name, {}))
        groups["all"].add(tally)
        groups.setdefault(labels["message"]["reply_language"], Tally()).add(tally)
    return {name: figures(groups[name]) for name in ("all", *REPLY_LANGUAGES) if name in groups}


def senders(message: Path) -> list[str]:
    """The addresses in From and Reply-To of a raw message."""
    headers = BytesHeaderParser().parsebytes(message.read_bytes())
    given = [str(value) for key in ("From", "Reply-To") for value in headers.get_all(key, [])]
    return [address.lower() for _, address in getaddresses(given) if address]


def read_gold(cases: Path, only: str = "*") -> dict[str, Json]:
    """The labels by case name; `only` is a glob of case names."""
    return {
        path.parent.name: json.loads(path.read_text("utf-8")) | {"senders": senders(path.with_name("message.eml"))}
        for path in sorted(cases.glob(f"{only}/gold.json"))
    }


def read_predictions(lines: Iterator[str]) -> dict[str, Json]:
    return {prediction["id"]: prediction for prediction in map(json.loads, filter(str.strip, lines))}


def predict(names: list[str], cases: Path = CASES) -> dict[str, Json]:
    """What `micic read --json` makes of these cases."""
    command = [sys.executable, "-m", "service.commands", "read", "--json"]
    done = subprocess.run(
        [*command, *(str(cases / name / "message.eml") for name in names)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return read_predictions(iter(done.stdout.splitlines()))


def table(report: dict[str, Figures]) -> str:
    def cell(value: float | int | None) -> str:
        return "-" if value is None else str(value) if isinstance(value, int) else f"{value:.3f}"

    width = max(map(len, report["all"]))
    rows = [f"{'':{width}}" + "".join(f"{group:>8}" for group in report)]
    rows += [f"{name:{width}}" + "".join(f"{cell(f[name]):>8}" for f in report.values()) for name in report["all"]]
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=Path, default=CASES)
    parser.add_argument("--predictions", type=Path, help="lines of `micic read --json`; made anew if absent")
    parser.add_argument("--only", default="*", help="glob of case names, such as 'fr-*'")
    parser.add_argument("--json", action="store_true", help="all figures as JSON")
    parser.add_argument("--misses", action="store_true", help="what was wrong, case by case")
    args = parser.parse_args()
    gold = read_gold(args.cases, args.only)
    if not gold:
        sys.exit(f"no case matches {args.only} in {args.cases}")
    if args.predictions:
        predictions = read_predictions(iter(args.predictions.read_text("utf-8").splitlines()))
    else:
        predictions = predict(list(gold), args.cases)
    if args.misses:
        for name, labels in gold.items():
            for miss in score_case(labels, predictions.get(name, {})).misses:
                print(f"{name}: {miss}")
    report = score(gold, predictions)
    print(json.dumps(report, indent=2) if args.json else table(report))


if __name__ == "__main__":
    main()
