"""Texts of Central Europe in the charsets of their old programs, and texts that only look so."""

import pytest

from domain.charsets import decode_text

CENTRAL = {
    "pl": "Doświadczenie zawodowe: kierownik ośrodka dla cudzoziemców, współpraca z uchodźcami, szkolenie straży.",
    "cs": "Pracovní zkušenosti: vedoucí střediska pro uprchlíky, spolupráce s policií, školení úředníků, řízení krizí.",
    "hu": "Önéletrajz: menekülttábor vezetője, együttműködés a rendőrséggel, önkéntes visszatérés előkészítése.",
    "ro": "Experienţă: şef al centrului pentru refugiaţi, cooperare cu poliţia de frontieră, situaţii de criză.",
    "hr": "Životopis: voditelj središta za tražitelje azila, suradnja s policijom, izobrazba službenika za povratak.",
}
WESTERN = {
    "fr": "Chargée de programme à Genève, où j’ai été élève ; forêt, hôtel, être, âme, reçu, œuvre, dû, très, déjà.",
    "es": "Señora María Ñáñez, años de atención a víctimas; pingüino, ¿cómo?, teléfono, coordinación.",
    "pt": "Coordenação de ações humanitárias em São Paulo; gestão, missões, mães, irmã, estágio, você, português.",
    "de": "Prüfung, Größe, Führung, Behörde, Mädchen, Österreich, Übersetzer, äußerst, für Flüchtlinge, Straße.",
    "it": "Attività: così perché è più città, università, lunedì, già, però, virtù, qualità dell’accoglienza.",
    "da": "Leder af modtagelsen af flygtninge i København, samarbejde på grænsen, årlige øvelser, også større.",
}
RUSSIAN = "Резюме. Опыт работы: начальник отдела возвращения"


@pytest.mark.parametrize("charset", ["windows-1250", "iso-8859-2"])
@pytest.mark.parametrize("text", CENTRAL.values(), ids=CENTRAL)
@pytest.mark.parametrize("declared", [None, "iso-8859-1", "us-ascii", "windows-1250"])
def test_a_text_of_central_europe_is_read_whatever_is_declared(text: str, charset: str, declared: str | None) -> None:
    text = text.replace("’", "'")  # ISO 8859-2 has none
    assert decode_text(text.encode(charset), declared)[0] == text


@pytest.mark.parametrize("text", WESTERN.values(), ids=WESTERN)
@pytest.mark.parametrize("declared", [None, "windows-1252", "us-ascii"])
def test_a_text_of_western_europe_is_not_taken_for_one(text: str, declared: str | None) -> None:
    assert decode_text(text.encode("windows-1252"), declared)[0] == text


@pytest.mark.parametrize("declared", [None, "iso-8859-2", "windows-1250", "iso-8859-1"])
@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r"])
def test_russian_is_read_where_a_central_charset_is_declared(charset: str, declared: str | None) -> None:
    assert decode_text(RUSSIAN.encode(charset), declared)[0] == RUSSIAN
