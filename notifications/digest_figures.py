"""The figures of the digest as small charts: bars and columns that mail programs show without a picture or script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from statistics import median
from typing import Any

from domain.digest import Digest
from domain.mail import Kind
from notifications.reader import Reader
from notifications.wording import one_line

TEXT_BAR = 18  # columns of the longest bar in plain text
TEXT_LABEL = 50
TALLEST = 48  # pixels of the highest column
BLOCKS = "▁▂▃▄▅▆▇█"
NONE = "·"
DAYS_OF_A_ROW = 7
MOST_LANGUAGES = 12
SPANS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))

WORDS_USED = frozenset(
    {"arrived", "arrived_by_day", "busiest", "answer_times", "roster_themes", "roster_languages"}
    | {"precision", "precision_of", "precision_added"}
    | {f"kind_{kind}" for kind in Kind}
)
View = Mapping[str, Any]


def charts(digest: Digest, reader: Reader) -> list[View]:
    """Bars, one chart after the other; none of what has no figures."""
    words = reader.words
    kinds = {words[f"kind_{kind}"]: digest.arrived.get(kind, 0) for kind in Kind}
    # A theme that nobody stands for is worth knowing.
    themes = {name[reader.language]: digest.roster_themes.get(key, 0) for key, name in reader.call.themes.items()}
    languages = {reader.language_name(code): count for code, count in digest.roster_languages.items()}
    title = words.fill("roster_themes", count=digest.roster_size)
    found = (
        (words["arrived"], _ranked({label: count for label, count in kinds.items() if count})),
        (_title_of_times(digest, reader), _times(digest, reader)),
        (title, _ranked(themes)),
        (words["roster_languages"], dict(list(_ranked(languages).items())[:MOST_LANGUAGES])),
    )
    return [{"title": title, "bars": _bars(figures)} for title, figures in found if any(figures.values())]


def daily(digest: Digest, reader: Reader) -> View | None:
    """Columns, one a day, in rows of a week; None where there are no figures."""
    days = digest.arrived_by_day
    if not any(days.values()):
        return None
    busiest = max(days, key=lambda day: days[day])
    told = list(days.items())
    rows = [told[start : start + DAYS_OF_A_ROW] for start in range(0, len(told), DAYS_OF_A_ROW)]
    weeks = [_week(row, days[busiest], reader) for row in rows]
    width = max(len(week["label"]) for week in weeks)
    return {
        "title": reader.words["arrived_by_day"],
        "busiest": reader.words.fill("busiest", count=days[busiest], day=reader.day(busiest)),
        "weeks": weeks,
        "lines": [f"{week['label'].ljust(width)}  {week['line']}  {week['count']}" for week in weeks],
    }


def precision(digest: Digest, reader: Reader) -> View | None:
    """What staff said of themes and languages, a line each; None where they have looked at none."""
    lines = [
        reader.words.fill(
            "precision_added" if one.added else "precision_of",
            what=reader.language_name(one.key) if one.language else reader.call.themes[one.key][reader.language],
            right=one.right,
            count=one.looked_at,
            added=one.added,
        )
        for one in digest.precision
        if one.language or one.key in reader.call.themes
    ]
    return {"title": reader.words["precision"], "lines": lines} if lines else None


def _week(days: Sequence[tuple[date, int]], most: int, reader: Reader) -> View:
    counts = [count for _, count in days]
    return {
        "label": reader.days(days[0][0], days[-1][0]),
        "count": sum(counts),
        "heights": [max(1, round(TALLEST * count / most)) if count else 0 for count in counts],
        "line": "".join(BLOCKS[(len(BLOCKS) - 1) * count // most] if count else NONE for count in counts),
    }


def _title_of_times(digest: Digest, reader: Reader) -> str:
    if not digest.answer_times:
        return ""
    half = timedelta(seconds=median(time.total_seconds() for time in digest.answer_times))
    return reader.words.fill("answer_times", time=reader.duration(half))


def _times(digest: Digest, reader: Reader) -> Mapping[str, int]:
    """Answers by how long they took."""
    longest = f"> {reader.duration(SPANS[-1])}"
    labels = {span: f"≤ {reader.duration(span)}" for span in SPANS}
    counted = Counter(next((labels[span] for span in SPANS if time <= span), longest) for time in digest.answer_times)
    return {label: counted[label] for label in (*labels.values(), longest)}


def _ranked(figures: Mapping[str, int]) -> Mapping[str, int]:
    return dict(sorted(figures.items(), key=lambda pair: -pair[1]))


def _bars(figures: Mapping[str, int]) -> list[View]:
    """`percent` is of the largest, `text` a line of plain text."""
    return list(_drawn(figures, largest=max(figures.values()), width=min(max(map(len, figures)), TEXT_LABEL)))


def _drawn(figures: Mapping[str, int], *, largest: int, width: int) -> Iterator[View]:
    for label, count in figures.items():
        percent = max(1, round(100 * count / largest)) if count else 0
        bar = "█" * max(1, round(TEXT_BAR * count / largest)) if count else ""
        line = f"{one_line(label, limit=width).ljust(width)}  {str(count).rjust(len(str(largest)))} {bar}"
        yield {
            "label": label,
            "count": count,
            "percent": percent,
            "rest": 100 - percent,
            "text": line.rstrip(),
        }
