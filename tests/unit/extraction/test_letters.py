"""The language of what a person wrote, told from signatures and from what programs add."""

from __future__ import annotations

from pathlib import Path

import pytest

from extraction.letters import LetterWords, language_of_letter, load_letter_words

RULES = Path(__file__).parents[3] / "config" / "rules"
DISCLAIMER = (
    "This e-mail and any attachments are confidential and intended solely for the addressee. If you have received\n"
    "this message in error, please notify the sender immediately and delete it from your system."
)


@pytest.fixture(scope="module")
def rules() -> LetterWords:
    return load_letter_words(RULES)


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("CV attached", "en"),
        ("ci-joint mon CV", "fr"),
        ("Bonjour", "fr"),
        ("adjunto CV", "es"),
        ("см. вложение", "ru"),
        ("مرفق السيرة الذاتية", "ar"),
        ("Anbei mein Lebenslauf", "de"),
        ("Segue em anexo o meu CV", "pt"),
        ("In allegato il mio CV", "it"),
        ("Zdravstvuyte! Otpravlyayu rezyume vo vlozhenii. S uvazheniem, Anna", "ru"),
        ("Надсилаю своє резюме для включення до реєстру. З повагою", "uk"),
        ("Доброго дня! Надсилаю резюме.", "uk"),
        ("Прошу розглянути мою кандидатуру, документи додаю.", "uk"),
        ("Добрий день. Надсилаю свое резюме, маю досвiд роботи з мiгрантами на кордонi.", "uk"),
        ("Добър ден, прилагам моето CV.", "bg"),
        ("Кандидатствам за вашия списък. Моля, потвърдете.", "bg"),
        ("Аз съм юрист и работя в областта на миграцията, като през последните три години ръководя екип.", "bg"),
        ("Добры дзень! Дасылаю сваё рэзюмэ для рэестра экспертаў. З павагай", "be"),
        ("Поштовани, у прилогу шаљем своју биографију. Срдачан поздрав", "sr"),
        ("Сайн байна уу? Миний анкетыг хавсаргав. Баярлалаа.", "mn"),
        ("Высылаю документ об объектах и субъектах, разъяснения ниже.", "ru"),
        ("Прошу включить меня в реестр. Резюме приложено. С уважением, Мария Іваненко", "ru"),
        ("Добрый день, я из Болгарии, работала в Велико Търново с беженцами, резюме во вложении.", "ru"),
        ("Благодаря этому опыту готова работать с возвращающимися мигрантами.", "ru"),
        ("Отправил биографию вчера, прошу подтвердить.", "ru"),
        ("با سلام، رزومه من برای فهرست کارشناسان پیوست است. با تشکر", "fa"),
    ],
)
def test_a_few_words_tell_their_language(rules: LetterWords, written: str, language: str) -> None:
    assert language_of_letter(written, rules) == language


@pytest.mark.parametrize(
    "written",
    [
        "",
        "Awa Diop\n+221 77 123 45 67",
        "-- \nAwa Diop\nLegal adviser to the Ministry of Labour of Senegal\nDakar",
        "Sent from my iPhone",
        "Envoyé de mon iPhone",
        "Отправлено с iPhone",
        "Get Outlook for Android<https://link.example/x>",
        DISCLAIMER,
        "Please open the attached document. It was scanned and sent to you using a Multifunction Printer.\n\n"
        "Device Name: WC7845",
    ],
)
def test_names_signatures_and_what_programs_add_say_nothing(rules: LetterWords, written: str) -> None:
    assert language_of_letter(written, rules) is None


@pytest.mark.parametrize(
    ("written", "language"),
    [
        (f"Bonjour, veuillez trouver mon CV.\nAwa\n\n{DISCLAIMER}", "fr"),
        (
            "تحية طيبة، مرفق سيرتي الذاتية\n\nBest regards,\nLayla Al-Husseini\n"
            "Senior Protection Adviser at the International Refugee Organisation for the Near East",
            "ar",
        ),
        ("Здравствуйте! Направляю резюме в Migrants in Countries in Crisis Initiative, ICMPD Vienna.", "ru"),
        (
            "Dear Sir/Madam,\n\nJe vous adresse mon curriculum vitae dans le cadre de votre appel à experts.\n\n"
            "Best regards,\nAwa Diop",
            "fr",
        ),
    ],
)
def test_most_of_what_was_written_decides(rules: LetterWords, written: str, language: str) -> None:
    assert language_of_letter(written, rules) == language
