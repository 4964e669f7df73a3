"""A question in, its words that are worth naming when no passage holds them out.

Not worth it, beside question words and FUNCTION_WORDS, is what people wrap a question in: requests, auxiliaries
and light verbs, words of time ("please", "last", "году", "명인가"). They are searched for all the same.
"""

from __future__ import annotations

import re
from functools import cache

from index.analysis import SNOWBALL, asks, plain_word, stem_term, whole_term
from index.korean import SURNAMES, bare_forms
from index.letters import APOSTROPHES, FUNCTION_WORDS, HANGUL

# "year" as `plain_word` folds it, with its endings; "жылу" is warmth, "солдат" a soldier.
_YEAR_FORMS = (
    r"years?|год(?:а|у|ы|е|ом|ов|ам|ами|ах)?|лет|yil(?:i\w*|da\w*|ga|ning|lar\w*|lik|gi)?"
    r"|йил(?:и\w*|да\w*|га|нинг|лар\w*|лик|ги)?|жыл(?:ы|ын\w*|да|дан|дагы|дағы|дар\w*|дың|дын|дык|дық|га|ға|гы|ғы)?"
    r"|сол(?:и|ҳо|ҳои|ро)?|yyl(?:y\w*|da\w*|dan|lar\w*|ky)?|년(?:도|간)?(?:에|의|은|부터|까지)?(?:는|도)?"
)
_YEAR_WORD = re.compile(_YEAR_FORMS)
# "2030-yilda", "2030년에", "2030-njy", "2030-ші": the year, and what tells that it is one.
_NUMBERED_YEAR = re.compile(rf"(\d{{4}})(?:-?(?:{_YEAR_FORMS})|-(?:n[jc][iy]|нчи|нчы|ші|шы|й|м|го|му))")
_WORD = re.compile(rf"[\w{APOSTROPHES}-]+")
_PARTICLE = re.compile(r"-(?:chi|чи|чы|ка|то|же)$", re.IGNORECASE)  # "ayting-chi", "скажите-ка"
_NAME = 3  # syllables of most Korean names
_NAME_ENDS = "은이도로만나란"  # particles that are also the last syllable of given names
# Finite forms, as `plain_word` folds them; Russian and Tajik have too many that a noun may end in.
_CLOSING_VERBS = {
    "ko": re.compile(
        r"(?:니까|니다|나요|는가|은가|던가|을까|할까|될까|는지|은지|[했됐었았였겼][나어다]|까요)$"
    ),
    "uz": re.compile(r"(?:[gkq]an|d[iu]|moqda|yapti|[гкқ]ан|ди|моқда|япти)(?:mi|ми)?$"),
    "kk": re.compile(r"(?:[ғқ]ан|[гк]ен|[дт][ыі])$"),
    "ky": re.compile(r"(?:[гк][аеоө]н|[дт][ыиуү])$"),
    "tk": re.compile(r"(?:d[iyu]|yar|jak|jek|ipdir|ypdyr)(?:mi|my)?$"),
}
_HANGUL_IDLE = re.compile(
    r"(?:알려|말해|말씀해|가르쳐|설명해|찾아|보여|해)?(?:주세요|주십시오|줘|줄래|주실|줄|주)"
    r"|(?:알려|말해|설명해)줘?|알고|싶\w*|궁금\w*|수|점|(?:것|거|게|바|때|중|등|및|더|약|총|또는|대해|대한|관해|관한|위해|위한|통해|따라)"
    r"(?:이|은|는|을|도|에|의|인가|인가요|입니까|인지)?"
    r"|(?:명|개|척|곳|건|가지|개국)(?:이|은|을|의|에)"
    r"|(?:명|개|척|곳|번|건|대|회|살|월|일|가지|개국|배)(?:이나|쯤|씩)?(?:인가요?|입니까|인지|이?었나요?|이?었습니까|이야)?"
    r"|(?:하|되|있|없|했|됐|될|할|된|한|였|이|이었)(?:는|던|었|였)?(?:가|가요|나|나요|습니까|니까|는가|는지|지|까|까요|다|고)?"
    r"|합니까|됩니까|입니까|인가요?|작년|올해|내년|지난|지난해|최근|현재|오늘|이번|다음|(?:작년|올해|내년|지난해|최근|현재)(?:에|의|에는)"
)
_IDLE = {
    "en": "can could will would shall should may might must not no any some all each every other another only "
    "also just even still more most less than such same so if then i me my we our you your he she him "
    "them one ones tell give show find explain describe say said know think please want need let make made "
    "take took come came go went get got happen mean exist today now ago last next past recent current "
    "during since until after before within through over under per according ever actually exactly likely "
    "able many much there here day month",
    "ru": "можно может могут будет будут являться этом был мне нам вам вы мы я ты свой который сказать "
    "рассказать расскажите скажите назовите назвать покажите объясните опишите найдите подскажите дайте "
    "пожалуйста прошлый следующем следующего последний текущий нынешний сегодня сейчас недавно назад после перед во "
    "время течение лишь только еще уже также все всего более менее самый другой каждый при через около "
    "согласно происходить произойти случиться делать сделать сделал иметь имеет имеют имеется "
    "ожидается планируется находится составляет составил состоялся получил "
    "быть бы нет да такой месяц день тот того том та тех",
    "uz": "qiling aytib ayting bering berish berdi keltiring korsating iltimos otgan otkan keyingi songgi hozir "
    "hozirgi bugun oldin keyin qachondan kerak mumkin boladi boldi bolgan bolganmi edi ekan emas yoq "
    "bor bormi qildi qilgan qilinadi etgan etdi etilgan keldi kelgan chiqdi oldi olgan biroq faqat yana eng "
    "barcha har biz siz men bizga menga haqida togrisida oy kun vaqt yoki agar esa nisbatan gacha tomonidan",
    "kk": "айтыңыз айтып беріңіз берді өткен келесі соңғы қазір қазіргі бүгін бұрын кейін дейін керек мүмкін "
    "болады болған болып еді емес жоқ бар қылды жасады жасаған етті еткен келді келген келеді шықты "
    "алды алған тек тағы ең барлық әр біз сіз мен маған туралы ай күн немесе егер арқылы бастап тиіс деп "
    "өтінемін көрсетіңіз түсіндіріңіз былтыр биыл",
    "ky": "айтыңыз айтып бериңиз берди өткөн кийинки акыркы азыр азыркы бүгүн мурун кийин чейин керек мүмкүн "
    "болот болду болуп эмес жок бар кылды кылган жасаган этти эткен келди келген келет чыкты алды алган гана "
    "дагы эң бардык ар биз сиз мен мага тууралуу ай күн же эгер аркылуу баштап тийиш деп өтүнөм көрсөтүңүз "
    "түшүндүрүңүз былтыр быйыл",
    "tg": "гӯед гуфт бигӯед диҳед лутфан гузашта оянда охирин ҳозир ҳозира имрӯз пеш пас баъд баъди то бояд "
    "мумкин мешавад шуда шудааст шудан бошад буданд нест ҳаст дорад доранд дошт кард кардааст карда мекунад "
    "омад омадааст додааст дод рафт гирифт танҳо боз ҳама ҳар мо шумо ман дигар бораи моҳ рӯз вақт ё агар "
    "рӯи тавассути нишон парсол имсол",
    "tk": "aýdyň aýdyp beriň berdi geçen indiki soňky häzir häzirki şu gün öň soň çenli gerek mümkin bolar bolan "
    "bolýar bolup däl ýok bar etdi eden edildi geldi gelen çykdy aldy alan diňe ýene iň ähli her biz siz men "
    "maňa hakda hakynda aý gün wagt ýa eger arkaly başlap görkeziň haýyş",
}  # fmt: skip


def content_words(question: str, language: str) -> list[str]:
    """The words that say what is asked, as typed; of "2030-yilda" the year, of a Korean word its noun.

    The verb that closes a question of several words is left out where the language sets it there.
    """
    typed = _WORD.findall(question)
    closing = _CLOSING_VERBS.get(language)
    if len(typed) > 1 and closing and closing.search(plain_word(typed[-1]), 2) and not typed[-1][0].isupper():
        typed.pop()
    return [_bare(word) for word in typed if not _is_idle(word, language)]


def _is_idle(word: str, language: str) -> bool:
    plain = plain_word(word)
    if asks(word, language) or plain in FUNCTION_WORDS.get(language, ()) or is_year_word(word):
        return True
    if re.match(f"[{HANGUL}]", word):
        return _HANGUL_IDLE.fullmatch(word) is not None
    return _idle_term(_PARTICLE.sub("", word), language) in _idle_terms(language)


def is_year_word(word: str) -> bool:
    """Whether a word means "year", in any of the languages and forms: "году", "yilda", "ýylda", "년에"."""
    return _YEAR_WORD.fullmatch(plain_word(word)) is not None


def _bare(word: str) -> str:
    """Without the word for "year" that is written onto a number, without Korean particles, save of a name's end."""
    if numbered := _NUMBERED_YEAR.fullmatch(plain_word(word)):
        return numbered[1]
    may_be_name = len(word) == _NAME and word[0] in SURNAMES and word[-1] in _NAME_ENDS
    return bare_forms(word)[0] if re.match(f"[{HANGUL}]", word) and not may_be_name else word


@cache
def _idle_terms(language: str) -> frozenset[str]:
    return frozenset(_idle_term(word, language) for word in _IDLE.get(language, "").split())


def _idle_term(word: str, language: str) -> str:
    """The stem where Snowball cuts it; five letters are the beginning of too much else."""
    return stem_term(word, language) if language in SNOWBALL else whole_term(word, language)
