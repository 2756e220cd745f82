"""A mail that only thanks is told from one that says anything else, in the five languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.errors import ConfigProblem
from domain.mail import Address, ParsedMessage
from extraction.letters import load_letter_words
from extraction.thanks import load_thanks_words, thanks_signal

RULES = Path(__file__).parents[3] / "config" / "rules"
WORDS, LETTERS = load_thanks_words(RULES), load_letter_words(RULES)
ONLY_THANKS = (
    "Many thanks for your email and for confirming receipt of my application.\n\nKind regards,\nAna Norberg",
    "Thank you so much!\n\nAna",
    "Dear Sir/Madam,\n\nThank you for your prompt response.\n\nYours sincerely,\nAna Norberg\n\nSent from my iPhone",
    "Noted with thanks.\n\n-- \nAna Norberg\nSenior consultant, Vienna\n+43 660 555 0101",
    "Hello,\nthanks a lot for letting me know. Have a nice weekend!\nAna",
    "Bonjour,\n\nMerci pour votre message et pour la confirmation.\n\nBien à vous,\nAna Norberg",
    "Merci infiniment.\nCordialement\nA. Norberg",
    "Je vous remercie de votre retour et vous souhaite une excellente journée.\n\nAna Norberg",
    "Buenas tardes:\nMuchísimas gracias por confirmar la recepción de mi candidatura.\nUn cordial saludo,\nAna Norberg",
    "Mil gracias, quedo atenta a su respuesta.\nSaludos",
    "السادة الكرام\nتحية طيبة وبعد\nأشكركم على ردكم السريع وعلى اهتمامكم\nوتفضلوا بقبول فائق الاحترام\nAna Norberg",
    "شكرا لكم وبارك الله فيكم",
    "Здравствуйте!\n\nБольшое спасибо за оперативный ответ и внимание.\n\nС наилучшими пожеланиями,\nАна Норберг",
    "Спасибо, получила.",
    "Уважаемые коллеги, благодарю за информацию! Всего доброго",
)
SAYS_MORE = (
    "Thank you. Please note that I moved to Graz.",
    "Thanks a lot. Arabic is my native language.",
    "Thank you, all correct except the second theme.",
    "Thank you for your reply. Best, Ana\n\nPS: I also worked on returns.",
    "Kind regards,\nAna Norberg",
    "Many thanks. B2",
    "Thank you very much, could you add Dari to my languages",
    "Merci pour votre réponse. Veuillez supprimer le russe.",
    "Merci, c'est exact.",
    "Merci pour la confirmation. Mon niveau est courant.",
    "Gracias por la confirmación. Adjunto certificado.",
    "Muchas gracias. Hablo portugués también.",
    "شكرا جزيلا. أجيد الفارسية بطلاقة",
    "شكرا على الرد، لدي خبرة في مكافحة الاتجار",
    "Спасибо за ответ. Телефон изменился.",
    "Спасибо. Уровень английского – C1.",
)


def mail(written: str, name: str = "Ana Norberg") -> ParsedMessage:
    return ParsedMessage(
        message_id=None,
        sent_at=None,
        sender=Address(name=name, email="ana.norberg@example.org"),
        reply_to=(),
        recipients=(),
        return_path=None,
        subject="Re: Application",
        in_reply_to=(),
        references=(),
        headers=(),
        body=written,
        written=written,
        parts=(),
        nested=(),
        defects=(),
    )


@pytest.mark.parametrize("written", ONLY_THANKS)
def test_a_mail_that_only_thanks_is_known(written: str) -> None:
    name = "Ана Норберг" if "Ана" in written else "Ana Norberg"
    (signal,) = thanks_signal(mail(written, name), WORDS, LETTERS)
    assert signal.name == "thanks"


@pytest.mark.parametrize("written", SAYS_MORE)
def test_a_mail_that_says_one_word_more_is_not_taken_for_thanks(written: str) -> None:
    assert thanks_signal(mail(written), WORDS, LETTERS) == ()


def test_a_name_counts_only_as_the_writers_own() -> None:
    assert thanks_signal(mail("Thank you, Petra"), WORDS, LETTERS) == ()
    assert thanks_signal(mail("Thank you, Petra", name="Petra Lin"), WORDS, LETTERS)


def test_words_that_break_an_example_are_refused_with_the_example(tmp_path: Path) -> None:
    text = (RULES / "thanks.yaml").read_text(encoding="utf-8")
    (tmp_path / "thanks.yaml").write_text(text.replace("any: [micic,", "any: [spanish, c, micic,"), encoding="utf-8")
    with pytest.raises(ConfigProblem, match=r"config/rules/thanks\.yaml: .*“Thanks. Spanish: C” is taken for"):
        load_thanks_words(tmp_path)
