"""The words of the pages: config/templates/console/<language>.yaml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from domain.errors import ConfigProblem
from domain.mail import Fate, ReplyLanguage
from domain.moves import Stage
from notifications.template_files import TemplateFiles
from notifications.words import Words

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "expired": frozenset({"days"}),
    **{name: frozenset({"number"}) for name in ("message", "entry", "mail", "retried", "erased", "see_entry")},
    **{name: frozenset({"number"}) for name in ("ask_retry", "ask_gone", "ask_never", "ask_send")},
    **{name: frozenset({"number"}) for name in ("gone_done", "never_done", "send_done")},
    "ask_withdraw": frozenset({"who", "number"}),
    "withdraw_whose": frozenset({"command"}),
    "not_proven": frozenset({"command"}),
    "left_folders": frozenset({"folders"}),
    "left_shared": frozenset({"numbers"}),
    "left_others": frozenset({"numbers"}),
    **{name: frozenset({"what"}) for name in ("ask_right", "ask_wrong", "right_done", "wrong_done")},
    "level_done": frozenset({"what", "level"}),
}
WORDS_USED = frozenset(
    {
        *PLACEHOLDERS,
        *("title", "home", "sender", "arrived", "stage", "kind", "look", "reasons", "parts", "buttons", "no_buttons"),
        *(f"stage_{stage}" for stage in Stage),
        *(f"fate_{fate}" for fate in Fate if fate not in (Fate.BODY, Fate.CONTAINER)),
        *("retry", "retry_will", "withdraw", "withdraw_will", "withdraw_check"),
        *("contacts", "wrote_for", "came_back", "languages", "themes", "no_sentence", "said_right", "said_wrong"),
        *("right", "right_will", "wrong", "wrong_will", "which_level", "level_none"),
        *("to", "state", "error", "discarded", "gone", "gone_will", "never", "never_will"),
        *("release", "send", "send_will", "send_unknown_will"),
        *("yes", "back", "done", "stale", "gone_thing", "forged", "forged_do", "expired_do", "not_asked"),
        *("failed", "failed_do"),
    }
)


def load_words(folder: Path) -> Mapping[ReplyLanguage, Words]:
    """Of all languages, from the folder of templates. ConfigProblem names all that is wrong, by line."""
    files = TemplateFiles(folder)
    found = {language: files.words(f"console/{language}.yaml", WORDS_USED, PLACEHOLDERS) for language in ReplyLanguage}
    if files.problems:
        raise ConfigProblem(*files.problems)
    return {language: words for language, words in found.items() if words is not None}
