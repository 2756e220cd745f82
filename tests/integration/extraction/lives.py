"""CVs in the five languages as their parts, to be set in any design; the people are invented."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    dates: str
    title: str
    text: str

    @property
    def all(self) -> str:
        return f"{self.dates}\n{self.title}\n{self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    language: str
    name: str
    role: str
    contact: tuple[str, ...]
    profile: str
    posts: tuple[Post, ...]
    education: tuple[Post, ...]
    languages: tuple[tuple[str, str], ...]
    skills: tuple[str, ...]
    heads: tuple[str, str, str, str, str, str]  # contact, profile, experience, education, languages, skills

    @property
    def direction(self) -> str:
        return "rtl" if self.language == "ar" else "ltr"


ENGLISH = Life(
    language="en",
    name="Tendai Okonjo-Whitfield",
    role="Senior adviser on displacement and borders",
    contact=("+254 20 555 0117", "t.okonjo@example.org", "14 Acacia Lane, Nairobi"),
    profile="Field-tested officer with fifteen years in crisis response, efficient in five offices and three "
    "ministries, who built return programmes that outlived their funding.",
    posts=(
        Post(
            dates="2014 – 2018",
            title="Head of office, Gulu Returns Network",
            text="Set up reception centres for 12,400 returnees, negotiated with four district councils and trained "
            "officers in the first identification of people at risk. Wrote the contingency plan for the northern "
            "crossings, which was tested twice in simulation exercises.",
        ),
        Post(
            dates="2010 – 2014",
            title="Border management officer, Lakeside Agency",
            text="Advised the immigration service on registration in mass arrivals; a final report on flows across "
            "the affected islands was presented to the regional conference.",
        ),
        Post(
            dates="2006 – 2010",
            title="Consular assistant, Embassy in Khartoum",
            text="Kept the register of nationals abroad and staffed the hotline during the evacuation of May 2008.",
        ),
    ),
    education=(
        Post(dates="2004 – 2006", title="MSc Forced Migration", text="University of Makerere"),
        Post(dates="2000 – 2004", title="BA Political Science", text="University of Nairobi"),
    ),
    languages=(("English", "native"), ("Swahili", "C2"), ("French", "B1")),
    skills=("Negotiation", "Contingency planning", "Staff training"),
    heads=("Contact", "Profile", "Experience", "Education", "Languages", "Skills"),
)
FRENCH = Life(
    language="fr",
    name="Célestine Nkoulou-Baptiste",
    role="Conseillère en protection des migrants",
    contact=("+237 222 55 01 48", "c.nkoulou@example.cm", "9 rue des Œillets, Yaoundé"),
    profile="Juriste de formation, dix-huit années au service de l’accueil d’urgence et de la réinsertion des "
    "rapatriés, à l’aise dans les négociations difficiles et l’encadrement d’équipes.",
    posts=(
        Post(
            dates="2013 – 2018",
            title="Cheffe de bureau, Réseau Retour Digne",
            text="Mise en œuvre du programme de retour volontaire de 3 200 personnes, coordination avec six communes "
            "et formation d’agents à l’identification des victimes de la traite. Rédaction du plan de contingence de "
            "la frontière est, éprouvé lors de deux exercices.",
        ),
        Post(
            dates="2008 – 2013",
            title="Chargée de mission, Comité des frontières",
            text="Évaluation des besoins des déplacés internes ; élaboration d’un guide d’accueil diffusé à deux cents "
            "exemplaires auprès des postes frontaliers.",
        ),
        Post(
            dates="2003 – 2008",
            title="Attachée consulaire à Bangui",
            text="Tenue du registre des ressortissants et permanence téléphonique pendant l’évacuation de mars 2003.",
        ),
    ),
    education=(
        Post(dates="2001 – 2003", title="DESS Droit humanitaire", text="Université de Douala"),
        Post(dates="1997 – 2001", title="Maîtrise en droit public", text="Université de Yaoundé II"),
    ),
    languages=(("français", "langue maternelle"), ("anglais", "C1"), ("sango", "B2")),
    skills=("Négociation", "Rédaction de politiques", "Animation d’ateliers"),
    heads=("Coordonnées", "Profil", "Expérience", "Formation", "Langues", "Compétences"),
)
SPANISH = Life(
    language="es",
    name="Ximena Larrañaga Quiñones",
    role="Asesora en gestión de riesgos y fronteras",
    contact=("+51 1 555 0190", "x.larranaga@example.pe", "Calle Añaquito 33, Lima"),
    profile="Diecisiete años de experiencia en preparación ante desastres, atención a población desplazada y dirección "
    "de equipos binacionales en tres países andinos.",
    posts=(
        Post(
            dates="2012 – 2018",
            title="Coordinadora, Red Andina de Retorno",
            text="Dirección del programa de reintegración de 2.700 familias, convenios con nueve municipios y "
            "capacitación de funcionarios en la identificación de víctimas. Redacción del plan de contingencia del "
            "paso de Aguas Verdes, puesto a prueba en dos simulacros.",
        ),
        Post(
            dates="2007 – 2012",
            title="Oficial de enlace, Defensa Civil",
            text="Evaluación de daños y necesidades después del terremoto de Pisco; sistema de alerta temprana en "
            "veintiún caletas de pescadores.",
        ),
        Post(
            dates="2002 – 2007",
            title="Auxiliar consular en Antofagasta",
            text="Registro de nacionales y línea telefónica de emergencia durante la evacuación de junio de 2005.",
        ),
    ),
    education=(
        Post(dates="2000 – 2002", title="Máster en Acción Humanitaria", text="Universidad de Deusto"),
        Post(dates="1995 – 2000", title="Licenciatura en Sociología", text="Universidad de Trujillo"),
    ),
    languages=(("español", "lengua materna"), ("inglés", "C1"), ("quechua", "B2")),
    skills=("Negociación", "Simulacros", "Formación de personal"),
    heads=("Contacto", "Perfil", "Experiencia", "Formación", "Idiomas", "Aptitudes"),
)
RUSSIAN = Life(
    language="ru",
    name="Жаныбекова Айгерим Сергеевна",
    role="Советник по вопросам вынужденной миграции",
    contact=("+996 312 55 01 76", "a.zhanybekova@example.kg", "Бишкек, ул. Тоголока Молдо, 8"),
    profile="Шестнадцать лет работы с вынужденными переселенцами, подготовка пограничных служб к массовому прибытию "
    "людей, ведение переговоров с ведомствами четырёх стран.",
    posts=(
        Post(
            dates="2013 – 2018",
            title="Руководитель отдела, Сеть возвращения",
            text="Организация приёма 5 600 вернувшихся, соглашения с семью районами и обучение сотрудников первичному "
            "выявлению пострадавших от торговли людьми. Подготовка плана действий для южных пунктов пропуска, "
            "проверенного на двух учениях.",
        ),
        Post(
            dates="2008 – 2013",
            title="Офицер связи, пограничная служба",
            text="Оценка потребностей внутренне перемещённых лиц после событий июня 2010 года; объявления на трёх "
            "языках для трудовых мигрантов.",
        ),
        Post(
            dates="2003 – 2008",
            title="Сотрудник консульства в Душанбе",
            text="Учёт граждан за рубежом и горячая линия во время эвакуации в мае 2005 года.",
        ),
    ),
    education=(
        Post(dates="2001 – 2003", title="Магистр международного права", text="Славянский университет"),
        Post(dates="1996 – 2001", title="Специалист, социология", text="Национальный университет имени Баласагына"),
    ),
    languages=(("киргизский", "родной"), ("русский", "свободно"), ("английский", "B2")),
    skills=("Переговоры", "Планирование", "Обучение персонала"),
    heads=("Контакты", "О себе", "Опыт работы", "Образование", "Языки", "Навыки"),
)
ARABIC = Life(
    language="ar",
    name="ليلى عبد القادر المنصوري",
    role="مستشارة أولى في شؤون النزوح والحدود",
    contact=("+962 6 555 0134", "l.mansouri@example.org", "عمّان، جبل اللويبدة، شارع الباعونية 21"),
    profile="خمسة عشر عاماً من العمل مع النازحين واللاجئين في الأزمات، وإدارة فرق ميدانية في ثلاث دول، والتفاوض مع "
    "الوزارات والبلديات لإعادة فتح المعابر.",
    posts=(
        Post(
            dates="2013 – 2018",
            title="رئيسة مكتب، شبكة العودة الكريمة",
            text="إنشاء مراكز استقبال لفائدة 12400 عائد، والاتفاق مع تسع بلديات، وتدريب الموظفين على التعرف الأولي إلى "
            "ضحايا الاتجار بالبشر. إعداد خطة الطوارئ للمعابر الشمالية (IOM) وقد اختُبرت في تمرينين.",
        ),
        Post(
            dates="2008 – 2013",
            title="ضابطة ارتباط، هيئة الحدود",
            text="تقييم احتياجات النازحين داخلياً بعد أحداث حزيران 2010؛ ونشر إعلانات بثلاث لغات للعمال المهاجرين.",
        ),
        Post(
            dates="2003 – 2008",
            title="مساعدة قنصلية في الخرطوم",
            text="مسك سجل المواطنين في الخارج والعمل على الخط الساخن أثناء إجلاء أيار 2005.",
        ),
    ),
    education=(
        Post(dates="2001 – 2003", title="ماجستير القانون الدولي", text="الجامعة الأردنية"),
        Post(dates="1997 – 2001", title="بكالوريوس العلوم السياسية", text="جامعة اليرموك"),
    ),
    languages=(("العربية", "اللغة الأم"), ("الإنجليزية", "ممتاز C1"), ("الفرنسية", "جيد B1")),
    skills=("التفاوض", "التخطيط للطوارئ", "تدريب الموظفين"),
    heads=("الاتصال", "نبذة", "الخبرات", "التعليم", "اللغات", "المهارات"),
)
ALL = (ENGLISH, FRENCH, SPANISH, RUSSIAN, ARABIC)
