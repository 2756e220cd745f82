# ruff: noqa: E501 - a list of words is as long as it is
"""Every way to lay out languages × every word for a level × languages large and small, in each language of the call.

The other tests promise lines as people wrote them; this one looks by machine for a cell that nobody has written yet. The
buckets are those of the table in the labelling guidelines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from domain.profile import SectionKind
from extraction.languages import LanguageRules, language_skills, load_language_rules
from tests.unit.extraction.cvs import Line, cv

RULES = Path(__file__).parents[3] / "config" / "rules"

WORDS = {
    "en": {
        "native": "mother tongue; native; native speaker; first language",
        "C": "C1; C2; fluent; excellent; full professional proficiency; proficient; bilingual; advanced; near native",
        "B": "B1; B2; good; very good; working knowledge; intermediate; upper-intermediate; limited working proficiency; conversational; fairly good",
        "A": "A1; A2; basic; elementary; beginner; notions; a little; school level; not easily; a few words",
    },
    "fr": {
        "native": "langue maternelle; maternelle; natif; première langue",
        "C": "C1; C2; courant; couramment; excellent; excellente maîtrise; bilingue; avancé; parfaitement; facilement",
        "B": "B1; B2; bon; très bien; bon niveau; bonne connaissance; intermédiaire; moyen; niveau professionnel; assez bien",
        "A": "A1; A2; notions; quelques notions; débutant; élémentaire; niveau scolaire; un peu; faible; rudiments",
    },
    "es": {
        "native": "lengua materna; nativo; materna; idioma materno",
        "C": "C1; C2; fluido; con fluidez; excelente; bilingüe; avanzado; perfecto; nivel alto; dominio total",
        "B": "B1; B2; bueno; muy bien; buena; intermedio; nivel medio; conversacional; buen nivel; regular",
        "A": "A1; A2; básico; nociones; elemental; principiante; un poco; nivel escolar; con diccionario; bajo",
    },
    "ar": {
        "native": "اللغة الأم; لغة أم; لغة الأم; اللغة الأصلية",
        "C": "C1; C2; بطلاقة; ممتاز; ممتازة; متقدم; إتقان تام; إجادة تامة; طلاقة; بشكل ممتاز",
        "B": "B1; B2; جيد; جيد جدا; جيدة جداً; متوسط; متوسطة; مستوى متوسط; مقبول; لا بأس بها",
        "A": "A1; A2; أساسي; مبتدئ; مبادئ; ضعيف; معرفة بسيطة; إلمام بسيط; قليلا; محدودة",
    },
    "ru": {
        "native": "родной; родной язык; носитель; родная",
        "C": "C1; С2; свободно; в совершенстве; отлично; продвинутый; свободное владение; бегло; высокий уровень; билингв",
        "B": "В1; B2; хорошо; очень хорошо; средний; средний уровень; разговорный; удовлетворительно; рабочий; неплохо",
        "A": "А1; A2; базовый; начальный; со словарём; слабо; немного; элементарный; школьный уровень; читаю со словарём",
    },
}  # fmt: skip

# Languages of people who apply: large ones, and thirty and more small ones, as each language of the call writes them.
NAMES = {
    "en": "English en; French fr; Arabic ar; Spanish es; Russian ru; Urdu ur; Dari fa; Pashto ps; Burmese my; Rohingya rhg; Sylheti syl; Tigrinya ti; Amharic am; Afar aa; Sidama sid; Kiswahili sw; Luganda lg; Acholi ach; Lugbara lgg; Nuer nus; Dinka din; Bari bfa; Zande zne; Shilluk shk; Chichewa ny; Bemba bem; Lozi loz; Shona sn; Setswana tn; Krio kri; Mende men; Temne tem; Kpelle kpe; Twi tw; Ewe ee; Fante fat; Hausa ha; Kanuri kr; Tiv tiv; Efik efi; Igala igl; Tok Pisin tpi; Bislama bi; Tetum tet; Ilocano ilo; Tausug tsg; Maithili mai; Balochi bal; Saraiki skr; Karen ksw; Kachin kac; Hakka hak; Haitian Creole ht; Papiamento pap; Maltese mt; Welsh cy",
    "fr": "français fr; anglais en; arabe ar; espagnol es; russe ru; wolof wo; pulaar ff; peul ff; sérère srr; diola dyo; soninké snk; bambara bm; songhaï son; tamasheq tmh; zarma dje; haoussa ha; kanouri kr; mooré mos; moré mos; dioula dyu; gourmantché gux; bissa bib; baoulé bci; bété bev; sénoufo dyi; agni any; éwé ee; mina gej; kabiyè kbp; fon fon; yoruba yo; bariba bba; dendi ddn; ewondo ewo; bassa bas; douala dua; bamoun bax; fang fan; fulfulde ff; ngambay sba; lingala ln; kikongo kg; tshiluba lua; mashi shr; kinande nnb; kinyarwanda rw; kirundi rn; sango sg; malgache mg; comorien swb; kabyle kab; tachelhit shi; tarifit rif; hassaniya ar; créole haïtien ht; créole mauricien mfe; néerlandais nl; luxembourgeois lb; romani rom; arménien hy",
    "es": "español es; castellano es; inglés en; francés fr; árabe ar; ruso ru; quechua qu; kichwa qu; aymara ay; guaraní gn; mapudungun arn; náhuatl nah; maya yua; mixteco mim; zapoteco zap; tzeltal tzh; tzotzil tzo; otomí oto; mam mam; k'iche' quc; kaqchikel cak; q'eqchi' kek; ixil ixl; poqomchí poh; q'anjob'al kjb; garífuna cab; miskito miq; wayuunaiki guc; nasa yuwe pbb; emberá emp; shuar jiv; awajún agr; asháninka cni; shipibo shp; wichí mzh; qom tob; papiamento pap; creole haitiano ht; criollo haitiano ht; portugués pt; catalán ca; euskera eu; gallego gl; valenciano ca; aragonés an; italiano it; fang fan; tarifit rif; hassanía ar; warao wba; pemón aoc; mazateco maq; purépecha pua; lengua de señas mexicana mfs; bribri bzd; ngäbe gym; tarahumara tar",
    "ar": "العربية ar; الإنجليزية en; الإنكليزية en; الفرنسية fr; الإسبانية es; الروسية ru; الكردية ku; السورانية ku; الكرمانجية ku; التركمانية tk; السريانية syr; الآشورية syr; الأرمنية hy; الشركسية ady; التركية tr; الفارسية fa; الأمازيغية zgh; القبائلية kab; الريفية rif; الشلحية shi; الطارقية tmh; الحسانية ar; البولارية ff; الفلانية ff; السوننكية snk; الولفية wo; الهوسا ha; القرعانية dzg; الزغاوة zag; المساليت mls; الفور fvr; النوبية nub; البجا bej; التقراي tig; التغرينية ti; الدينكا din; النوير nus; الشلك shk; الصومالية so; العفرية aa; السواحيلية sw; القمرية swb; الأمهرية am; الأورومو om; المهرية gdq; السقطرية sqt; الأردية ur; الباشتو ps; الدارية fa; العبرية he; الألمانية de; الإيطالية it; الهولندية nl; السويدية sv; اليونانية el; البمبارية bm; المندائية mid; الأذرية az; البلوشية bal; الشبكية sdb",
    "ru": "русский ru; английский en; французский fr; арабский ar; испанский es; украинский uk; белорусский be; молдавский ro; румынский ro; гагаузский gag; крымскотатарский crh; татарский tt; башкирский ba; чувашский cv; марийский chm; удмуртский udm; коми kv; якутский sah; бурятский bua; тувинский tyv; калмыцкий xal; чеченский ce; ингушский inh; осетинский os; аварский av; лезгинский lez; даргинский dar; кумыкский kum; лакский lbe; кабардинский kbd; адыгейский ady; абхазский ab; карачаево-балкарский krc; ногайский nog; грузинский ka; мегрельский xmf; армянский hy; азербайджанский az; талышский tly; казахский kk; киргизский ky; кыргызский ky; узбекский uz; каракалпакский kaa; таджикский tg; шугнанский sgh; ваханский wbl; туркменский tk; уйгурский ug; дунганский dng; дари fa; пушту ps; турецкий tr; польский pl; литовский lt; латышский lv; эстонский et; идиш yi; цыганский rom; немецкий de",
}  # fmt: skip

# The second language of a line, with a level of its own that must not stray to the first.
SECOND = {
    "en": ("German", "de", {"A": ("fluent", "C"), "": ("basic", "A")}),
    "fr": ("allemand", "de", {"A": ("courant", "C"), "": ("notions", "A")}),
    "es": ("alemán", "de", {"A": ("fluido", "C"), "": ("básico", "A")}),
    "ar": ("اليابانية", "ja", {"A": ("بطلاقة", "C"), "": ("مبتدئ", "A")}),
    "ru": ("японский", "ja", {"A": ("свободно", "C"), "": ("базовый", "A")}),
}

Layout = Callable[[str, str, str, str], Sequence[Line]]
LAYOUTS: dict[str, Layout] = {
    "a colon": lambda name, level, other, its: [f"{name}: {level}", f"{other}: {its}"],
    "a colon with a space before it": lambda name, level, other, its: [f"{name} : {level}", f"{other} : {its}"],
    "a dash": lambda name, level, other, its: [f"{name} – {level}", f"{other} – {its}"],
    "a hyphen": lambda name, level, other, its: [f"{name} - {level}", f"{other} - {its}"],
    "parentheses": lambda name, level, other, its: [f"{name} ({level}), {other} ({its})"],
    "brackets in lines": lambda name, level, other, its: [f"{name} [{level}]", f"{other} [{its}]"],
    "nothing but a space": lambda name, level, other, its: [f"{name} {level}", f"{other} {its}"],
    "a comma in lines": lambda name, level, other, its: [f"{name}, {level}", f"{other}, {its}"],
    "dots that lead": lambda name, level, other, its: [f"{name} ......... {level}", f"{other} ..... {its}"],
    "dots of one sign": lambda name, level, other, its: [f"{name} …… {level}", f"{other} ……… {its}"],
    "lines that lead": lambda name, level, other, its: [f"{name} ______ {level}", f"{other} ____ {its}"],
    "a wide gap": lambda name, level, other, its: [f"{name}\t\t{level}", f"{other}\t{its}"],
    "an equals sign": lambda name, level, other, its: [f"{name} = {level}", f"{other} = {its}"],
    "an arrow": lambda name, level, other, its: [f"{name} → {level}", f"{other} → {its}"],
    "a table": lambda name, level, other, its: [(name, level), (other, its)],
    "a table with a remark": lambda name, level, other, its: [("1", name, level, ""), ("2", other, its, "")],
    "lines of their own": lambda name, level, other, its: [name, level, other, its],
    "semicolons": lambda name, level, other, its: [f"{name}: {level}; {other}: {its}"],
    "commas between items": lambda name, level, other, its: [f"{name} {level}, {other} {its}"],
    "full stops": lambda name, level, other, its: [f"{name}: {level}. {other}: {its}."],
    "slashes": lambda name, level, other, its: [f"{name} {level} / {other} {its}"],
    "dots between items": lambda name, level, other, its: [f"{name} {level} · {other} {its}"],
    "bullets in a line": lambda name, level, other, its: [f"• {name} {level} • {other} {its}"],
    "dashes between items": lambda name, level, other, its: [f"{name}, {level} – {other}, {its}"],
    "bars": lambda name, level, other, its: [f"{name}: {level} | {other}: {its}"],
    "the level over its language": lambda name, level, other, its: [f"{level}: {name}", f"{its}: {other}"],
}


@pytest.fixture(scope="module")
def rules() -> LanguageRules:
    return load_language_rules(RULES)


def levels_of(language: str) -> list[tuple[str, str]]:
    return [(word, level) for level, words in WORDS[language].items() for word in words.split("; ")]


def cells(language: str) -> list[tuple[str, str, str, str]]:
    """Every name with one of the levels in turn, and every word for a level with the first names in turn."""
    names = [tuple(name.rsplit(" ", 1)) for name in NAMES[language].split("; ")]
    levels = levels_of(language)
    plain = [one for one in levels if one[0] not in ("a few words",)]
    by_name = [(name, code, *plain[number % len(plain)]) for number, (name, code) in enumerate(names)]
    by_level = [(*names[number % 5], *one) for number, one in enumerate(levels)]
    return [*by_name, *by_level]


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_each_language_gets_its_own_level_in_each_layout(layout: str, language: str, rules: LanguageRules) -> None:
    other, its_code, choice = SECOND[language]
    wrong = []
    for name, code, word, level in cells(language):
        its_word, its_level = choice["A" if level == "A" else ""]
        lines = LAYOUTS[layout](name, word, other, its_word)
        skills = language_skills([cv((SectionKind.LANGUAGES, "", lines))], rules=rules)
        told = {skill.code: skill.level.value for skill in skills}
        if told != {code: level, its_code: its_level}:
            wrong.append(f"{lines}: {told}, not {code}:{level} {its_code}:{its_level}")
    assert not wrong, "\n".join(wrong)
