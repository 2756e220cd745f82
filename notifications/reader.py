"""For whom a page is made: values as that reader writes them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_timedelta
from babel.lists import format_list

from domain.call import Call
from domain.links import Link, Place, Thing
from domain.mail import ReplyLanguage
from domain.profile import Level
from notifications.remarks import Remarks
from notifications.wording import RIGHT_TO_LEFT, isolated, locale_of, one_line, set_apart
from notifications.words import Words

LONGEST_LINE = 110
LONGEST_SENTENCE = 220


def no_link(_place: Place) -> str:
    """There are no pages."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """For whom the page is made."""

    language: ReplyLanguage
    words: Words
    remarks: Remarks
    call: Call
    now: datetime  # in the reader's time zone: all times are shown in it
    link: Link = no_link  # to the pages of what is told of

    @property
    def locale(self) -> Locale:
        return locale_of(self.language)

    @property
    def comma(self) -> str:
        return "، " if self.language in RIGHT_TO_LEFT else ", "

    def shown(self, value: str, limit: int = LONGEST_LINE) -> str:
        """A stranger's text: one line, set apart where its direction differs."""
        return isolated(one_line(value, limit=limit), self.language)

    def said(self, remark: str) -> str:
        """What the program said of a message, in the reader's words; what it quotes stands apart."""
        return self.remarks.said(remark, self.language, lambda value: self.shown(value, LONGEST_SENTENCE))

    def numbered(self, id_: int) -> str:
        """The number of a message or an entry, in that order also after Arabic words (UAX #9 W2)."""
        number = f"#{id_}"
        return set_apart(number) if self.language in RIGHT_TO_LEFT else number

    def link_to(self, what: Thing, id_: int) -> str:
        return self.link(Place(what=what, id=id_))

    def command(self, command: str) -> str:
        """A command, in one piece also among Arabic words."""
        return isolated(command, self.language)

    def time(self, moment: datetime) -> str:
        return str(format_datetime(moment, "d MMM HH:mm", tzinfo=self.now.tzinfo, locale=self.locale))

    def day(self, day: date) -> str:
        return str(format_date(day, "d MMM", locale=self.locale))

    def long_day(self, moment: datetime) -> str:
        return str(format_date(moment.astimezone(self.now.tzinfo), "long", locale=self.locale))

    def days(self, first: date, last: date) -> str:
        return str(format_interval(first, last, "MMMd", locale=self.locale))

    def duration(self, length: timedelta) -> str:
        return str(format_timedelta(length, locale=self.locale))

    def language_name(self, code: str) -> str:
        return str(self.locale.languages.get(code, code))

    def country(self, code: str) -> str:
        return str(self.locale.territories.get(code, code))

    def level(self, level: Level) -> str:
        named = {Level.NATIVE: "level_native", Level.UNKNOWN: "level_unknown"}
        return self.words[named[level]] if level in named else level.value

    def lives_in(self, residence: str | None) -> str:
        """`residence`: ISO 3166-1 alpha-2."""
        if residence is None:
            return self.words["country_unknown"]
        return self.words.fill("from_country", country=self.country(residence))

    def eligibility(self, eligible: bool | None) -> str:
        if eligible:
            return self.words["eligible"]
        names = [self.language_name(code) for code in self.call.essential_languages]
        languages = format_list(names, style="or", locale=self.locale)
        return self.words.fill("eligible_unknown" if eligible is None else "not_eligible", languages=languages)
