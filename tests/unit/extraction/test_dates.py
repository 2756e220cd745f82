"""Stretches of time as CVs write them, in five languages."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.dates import DateWords, load_date_words
from extraction.periods import months_of, periods

RULES = Path(__file__).parents[3] / "config" / "rules"
NOW = datetime(2018, 5, 14, tzinfo=UTC)
TODAY = "2018-05"


@pytest.fixture(scope="module")
def words() -> DateWords:
    return load_date_words(RULES)


def read(text: str, words: DateWords) -> list[tuple[str, str]]:
    return [
        (f"{p.begins.year}-{p.begins.month:02}", f"{p.ends.year}-{p.ends.month:02}")
        for p in periods(text, words=words, now=NOW)
    ]


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        # months by name
        ("November 2012 – July 2016", "2012-11", "2016-07"),
        ("Sept. 2009 to Dec. 2011: officer", "2009-09", "2011-12"),
        ("du 3 mai 2010 au 5 juin 2012", "2010-05", "2012-06"),
        ("De septembre 2004 à octobre 2015", "2004-09", "2015-10"),
        ("ene-2017 / mar-2018", "2017-01", "2018-03"),
        ("Marzo de 2009 a diciembre de 2012. Atención", "2009-03", "2012-12"),
        ("с января 2010 г. по декабрь 2012 г.", "2010-01", "2012-12"),
        ("сентябрь 2008 г. –\nсентябрь 2016 г.", "2008-09", "2016-09"),
        # the Arabic months of the Levant, Egypt, Morocco, Tunisia
        ("كانون الثاني ٢٠١٢ – نيسان ٢٠١٤", "2012-01", "2014-04"),
        ("من أبريل 2003 إلى فبراير 2009", "2003-04", "2009-02"),
        ("يوليوز 2009 – شتنبر 2014", "2009-07", "2014-09"),
        ("من جانفي 2013 إلى جويلية 2016", "2013-01", "2016-07"),
        # months by number, Roman number, season
        ("01/09/2011 – 30/06/2015", "2011-09", "2015-06"),
        ("09/2011 09/2012 MA Refugee Studies", "2011-09", "2012-09"),
        ("FROM\n09/2012\nTO\n04/2016 Coordinator", "2012-09", "2016-04"),
        ("2010-12 – 2013-05", "2010-12", "2013-05"),
        ("03/98 - 05/04", "1998-03", "2004-05"),
        ("01.02.2010-31.12.2015", "2010-02", "2015-12"),
        ("VIII.2008 - IV.2013 Посольство", "2008-08", "2013-04"),
        ("summer 2012 - spring 2014", "2012-06", "2014-05"),
        # the year before the month
        ("2008, September – 2014, January", "2008-09", "2014-01"),
        ("2003, Jan. - Counsellor, later head\n2008, Aug. Ministry", "2003-01", "2008-08"),
        # one year for two months
        ("July–August 2006: kept the hotline", "2006-07", "2006-08"),
        ("ene.–dic. 2016", "2016-01", "2016-12"),
        # years only
        ("2008–2012 Associate Professor", "2008-01", "2012-12"),
        ("2014-15", "2014-01", "2015-12"),
        ("between 2009 and 2017", "2009-01", "2017-12"),
        ("بين 2009 و2017", "2009-01", "2017-12"),
        # right-to-left text in the order of the page
        ("٢٠١١–٢٠٠٥", "2005-01", "2011-12"),
    ],
)
def test_a_stretch_of_time_is_read_to_the_month(words: DateWords, text: str, begins: str, ends: str) -> None:
    assert read(text, words) == [(begins, ends)]


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Apr 2016 — to date Programme Manager", "2016-04"),
        ("02/2014 – present", "2014-02"),
        ("FROM\n05/2016\nTO\npresent Registration Officer", "2016-05"),
        ("01/09/2014 →", "2014-09"),
        ("2008, Sept. -> Project manager", "2008-09"),
        ("2012– Professor of Sociology", "2012-01"),
        ("since 2010, in Geneva", "2010-01"),
        ("Juin 2014 à ce jour — Chef de section", "2014-06"),
        ("Depuis le 1er novembre 2015 : consultant", "2015-11"),
        ("2005 à aujourd'hui", "2005-01"),
        ("Febrero de\n2013 a la fecha. Acompañamiento", "2013-02"),
        ("agosto de 2014 – actualidad", "2014-08"),
        ("ene-2017 / hoy", "2017-01"),
        ("(من مارس 2009 وحتى الآن)", "2009-03"),
        ("من 9/2012 حتى تاريخه", "2012-09"),
        ("أفريل 2013 – إلى يومنا هذا", "2013-04"),
        ("منذ 2012", "2012-01"),
        ("октябрь 2016 г. –\nпо н. в.", "2016-10"),
        ("март 2015 – наст. время", "2015-03"),
        ("С февраля 2014 года и по сегодняшний день", "2014-02"),
        ("с 2010 г. работаю", "2010-01"),
    ],
)
def test_what_goes_on_ends_with_the_month_of_the_message(words: DateWords, text: str, begins: str) -> None:
    assert read(text, words) == [(begins, TODAY)]
    assert periods(text, words=words, now=NOW)[0].ongoing


@pytest.mark.parametrize(
    "text",
    [
        "tel. +221 2010 55 0190",
        "+963 11 2012 555",
        "fax 555 2014 0190",
        "1900 عاملة من الجنوب",
        "12 months, 40 hours, 3 years",
        "2300 families in 14 villages",
    ],
)
def test_telephones_amounts_and_durations_are_no_dates(words: DateWords, text: str) -> None:
    assert read(text, words) == []


def test_a_law_is_no_stretch_of_time(words: DateWords) -> None:
    assert all(period.single for period in periods("Loi 2015-36 et ordonnance 2010-86", words=words, now=NOW))


def test_a_date_alone_is_told_apart(words: DateWords) -> None:
    (period,) = periods("Octubre de 2016. Evaluación rápida", words=words, now=NOW)
    assert period.single
    assert (period.begins.year, period.begins.month) == (2016, 10)


def test_what_begins_in_the_future_is_left_out_and_what_ends_there_ends_today(words: DateWords) -> None:
    assert read("2019 – 2020", words) == []
    assert read("March 2017 – December 2019", words) == [("2017-03", TODAY)]


def test_the_span_of_the_words_is_told(words: DateWords) -> None:
    text = "Consul, Beirut\nMarch 2004 – January 2009\nPassports"
    (period,) = periods(text, words=words, now=NOW)
    assert text[period.start : period.end] == "March 2004 – January 2009"


def test_overlaps_count_once_and_short_gaps_are_bridged(words: DateWords) -> None:
    found = periods("01/2000 – 12/2004\n06/2003 – 12/2005\n06/2006 – 05/2007\n01/2010 – 12/2010", words=words, now=NOW)
    assert months_of(found, bridge=12) == 6 * 12 + 5 + 12 + 12
    assert months_of([], bridge=12) == 0


@given(st.text(alphabet="0123456789 -–/.,\n|январьмяمنإلى٠١٢\u064b()IVXmayto'’", max_size=60))
def test_no_text_breaks_the_reading(text: str) -> None:
    for period in periods(text, words=ANY_WORDS, now=NOW):
        assert 0 <= period.start < period.end <= len(text)
        assert period.begins <= period.ends


ANY_WORDS = load_date_words(RULES)
