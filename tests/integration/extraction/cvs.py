"""CVs in the five languages as their authors typed them; the people are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cv:
    language: str
    lines: tuple[str, ...]
    grid: tuple[tuple[str, ...], ...]
    charset: str  # of a text file as old programs write it

    @property
    def text(self) -> str:
        return "\n".join((*self.lines, *(" ".join(filter(None, row)) for row in self.grid)))

    @property
    def html(self) -> str:
        direction = "rtl" if self.language == "ar" else "ltr"
        paragraphs = "".join(f"<p>{line}</p>" for line in self.lines)
        rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in self.grid)
        return (
            f'<!doctype html><html lang="{self.language}" dir="{direction}"><head><meta charset="utf-8"><style>'
            "body { font: 12pt 'DejaVu Sans', 'Noto Naskh Arabic' } td { padding: 2pt 14pt }</style></head>"
            f'<body>{paragraphs}<table dir="{direction}">{rows}</table></body></html>'
        )


ENGLISH = Cv(
    language="en",
    charset="windows-1252",
    lines=(
        "Curriculum vitae",
        "Nomvula Achterberg-Dlamini",
        "Phone: +27 21 555 0123, e-mail: nomvula.ad@example.org",
        "2012–2018: Head of the return and reintegration unit, Department of Home Affairs, Cape Town. Coordinated the "
        "assisted voluntary return of 4,300 people after the floods of 2013, wrote the manual of the reception centres "
        "and trained the staff of four provinces in registration and referral.",
        "2007–2012: Officer for emergency consular affairs, embassy in Maputo; kept the register of nationals abroad "
        "and led the evacuation by road in “Operation Msasa”.",
        "Master’s degree in international law, University of the Western Cape, 2006.",
    ),
    grid=(("Language", "Spoken", "Written"), ("Zulu", "native", "native"), ("Portuguese", "B2", "B1")),
)
FRENCH = Cv(
    language="fr",
    charset="iso-8859-15",
    lines=(
        "Curriculum vitæ",
        "Aïssatou N’Guessan-Lefèvre",
        "Téléphone : +225 07 55 01 23 45, courriel : a.nguessan@example.ci",
        "De 2011 à 2018 : chargée de programme « retour volontaire », Organisation des migrants d’Abidjan. Élaboration "
        "du plan de contingence de trois postes-frontières, encadrement de quarante-deux agents et évaluation des "
        "besoins des déplacés internes dans l’Ouest, après la crise de 2011.",
        "De 2005 à 2011 : juriste à la cellule de lutte contre la traite des êtres humains, à Bouaké.",
        "Maîtrise en droit public, université de Cocody, 2004 ; œuvre bénévole auprès des rapatriés.",
    ),
    grid=(("Langue", "Parlé", "Écrit"), ("baoulé", "langue maternelle", "—"), ("anglais", "C1", "B2")),
)
SPANISH = Cv(
    language="es",
    charset="windows-1252",
    lines=(
        "Hoja de vida",
        "María Inés Ñáñez Urrutia",
        "Teléfono: +593 99 555 0146, correo: mi.nanez@example.ec",
        "2010–2018: coordinadora de preparación ante desastres, Secretaría de Gestión de Riesgos, Quito. Dirección de "
        "simulacros binacionales, red de alerta temprana en sesenta y una playas y evaluación de necesidades después "
        "del terremoto de abril de 2016.",
        "2004–2010: oficial de protección consular en Málaga; atención a víctimas de trata y repatriación de menores.",
        "¿Docencia? Sí: diecinueve cursos de tres días para municipios y Fuerzas Armadas.",
    ),
    grid=(("Idioma", "Habla", "Escribe"), ("kichwa", "nativo", "básico"), ("inglés", "C1", "C1")),
)
RUSSIAN = Cv(
    language="ru",
    charset="koi8-r",
    lines=(
        "Резюме",
        "Подъяпольская Ёлена Юрьевна",
        "Телефон: +7 701 555 01 23, почта: e.podyapolskaya@example.kz",
        "2009–2018: начальник отдела возвращения и реинтеграции, миграционная служба, Алматы. Подготовка соглашений о "
        "реадмиссии, обучение сотрудников пограничной службы, план действий на случай массового прибытия людей из "
        "соседних стран.",
        "2003–2009: консул, посольство в Бишкеке; эвакуация граждан летом 2005 года, горячая линия.",
        "Специалист по международным отношениям, университет имени аль-Фараби, 2003 год.",
    ),
    grid=(("Язык", "Устно", "Письменно"), ("казахский", "родной", "родной"), ("английский", "C1", "B2")),
)
ARABIC = Cv(
    language="ar",
    charset="windows-1256",
    lines=(
        "السيرة الذاتية",
        "سلمى عبد الرحمن الحدّاد",
        "الهاتف: 0791234567",
        "البريد الإلكتروني: salma.haddad@example.org",
        "تاريخ الميلاد: 12/5/1979، الجنسية: أردنية",
        "من 2012 إلى 2018: منسقة برنامج العودة الطوعية وإعادة الإدماج، المنظمة الدولية للهجرة (IOM)، عمّان.",
        "إعداد خطة المعبر لمواجهة تدفق 5000 شخص في اليوم، وقد طُبّقت فعلاً في شباط 2013.",
        "تنظيم استقبال الوافدين ليلاً ونقلهم إلى المخيم: فرز طبي، وتسجيل أولي (24 نقطة).",
        "أشرفتُ على تدريب موظفي الحدود في مبدأ عدم الإعادة القسرية وعلى التعامل مع الجرحى والعائلات.",
        "مديرة مشروع «لا عودة بلا أمان»، 2008–2011، بالتعاون مع المفوضية السامية للاجئين.",
        "ماجستير في القانون الدولي، الجامعة الأردنية، 2007، والإنجليزية ممتاز (IELTS 7.5).",
    ),
    grid=(("اللغة", "محادثة", "كتابة"), ("العربية", "اللغة الأم", "ممتاز"), ("الفرنسية", "جيد جداً", "متوسط")),
)
ALL = (ENGLISH, FRENCH, SPANISH, RUSSIAN, ARABIC)
EASTERN = "٢٠٠٨–٢٠١١: إعداد خطة المعبر لمواجهة تدفق ٥٠٠٠ شخص، هاتف ٠٧٩١٢٣٤٥٦٧."
