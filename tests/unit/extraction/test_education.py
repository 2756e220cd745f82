"""The highest degree, in the words of many systems."""

from __future__ import annotations

from pathlib import Path

import pytest

from domain.profile import Degree, SectionKind
from extraction.education import DegreeWords, highest_degree, load_degree_words
from tests.unit.extraction.cvs import cv

RULES = Path(__file__).parents[3] / "config" / "rules"


@pytest.fixture(scope="module")
def words() -> DegreeWords:
    return load_degree_words(RULES)


@pytest.mark.parametrize(
    ("line", "degree"),
    [
        ("Ph.D. in Political Science, Legon, 2003", Degree.DOCTORATE),
        ("Кандидат исторических наук, 2002", Degree.DOCTORATE),
        ("доктор юридических наук", Degree.DOCTORATE),
        ("Doctora en Estudios de Población, 2014", Degree.DOCTORATE),
        ("دكتوراه جغرافيا بشرية، جامعة الخرطوم، 2012", Degree.DOCTORATE),
        ("DEA de sociologie, Dakar, 2005. Maîtrise, 2003.", Degree.MASTER),
        ("DESS gestion de l'humanitaire, 1999", Degree.MASTER),
        ("LL.M. in Public International Law, Leiden, 2004. LL.B., Jordan, 2002.", Degree.MASTER),
        ("Magíster en Gestión del Riesgo, 2011", Degree.MASTER),
        ("инженер-гидротехник, диплом специалиста, 1996", Degree.MASTER),
        ("МГИМО, международник-востоковед, 1991-1996", Degree.MASTER),
        ("ماستر (DESS) في إدارة الجمعيات، 2004", Degree.MASTER),
        ("MSc in Geo-information Science (September 2012 — March 2014). BA in Rural Development, 2003.", Degree.MASTER),
        ("Licence en criminologie, ULB, 1993", Degree.BACHELOR),
        ("Licenciado en Trabajo Social, 2008", Degree.BACHELOR),
        ("Bachillerato universitario en Ingeniería, TEC", Degree.BACHELOR),
        ("бакалавр журналистики, КазНУ, 2010", Degree.BACHELOR),
        ("ليسانس حقوق، جامعة القاهرة، 2001", Degree.BACHELOR),
        ("إجازة في علم الاجتماع، 2003", Degree.BACHELOR),
        ("Diploma in Journalism, 2003", Degree.OTHER),
        ("Brevet de technicien supérieur, 1998", Degree.OTHER),
        ("Школа мужества", None),
    ],
)
def test_degrees_of_many_systems_are_known(words: DegreeWords, line: str, degree: Degree | None) -> None:
    assert highest_degree([cv((SectionKind.EDUCATION, "", [line]))], rules=words) is degree


@pytest.mark.parametrize(
    "lines",
    [
        ("BA, Benin, 2000", "M.Sc. Social Work, Benin: in view, dissertation to be defended in 2018."),
        (
            "BA in history, 1996",
            "2015- MSc in Disaster Management, Copenhagen",
            "(part-time; thesis to be handed in in 2017)",
        ),
        ("Licence en géographie, 2004. Master en gestion des risques (à distance), en cours.",),
        ("Licence, 2003.", "Doctorat commencé en 2007, interrompu."),
        ("Licenciado en Derecho, 1996", "2016–Presente | Máster en Seguridad, pendiente del trabajo de fin de máster"),
        ("Maestría en Desarrollo Rural, pensum cerrado (2011), sin tesis", "Licenciado en Trabajo Social, 2008"),
        ("Doctorado en Estudios Políticos", "Universidad de los Cerros, en curso desde 2015", "Licenciada, 2004"),
        ("бакалавр права, 2010", "магистратура, обучаюсь с 2016"),
        ("ليسانس حقوق، 2001", "مقيدة لدرجة الدكتوراه منذ أكتوبر 2015"),
    ],
)
def test_a_study_that_is_not_finished_does_not_count(words: DegreeWords, lines: tuple[str, ...]) -> None:
    assert highest_degree([cv((SectionKind.EDUCATION, "", lines))], rules=words) is Degree.BACHELOR


@pytest.mark.parametrize(
    "line",
    [
        "Maître de conférences, université de Yaoundé",
        "mise en pages des articles, cap au nord",
        "Excellente maîtrise du français",
        "Master trainer for the police",
        "Permis : licence de conduire",
    ],
)
def test_words_that_only_look_like_a_degree_are_none(words: DegreeWords, line: str) -> None:
    assert highest_degree([cv((SectionKind.SUMMARY, "", [line]))], rules=words) is None


def test_a_referees_doctorate_is_not_the_persons(words: DegreeWords) -> None:
    assert highest_degree([cv((SectionKind.REFERENCES, "", ["Jane Roe, PhD"]))], rules=words) is None
