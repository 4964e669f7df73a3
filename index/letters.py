"""Letters and little words that the analysis of terms looks up: scripts, transliteration, question words.

Question words are listed as `analysis` folds them: lower case, no apostrophes, Latin letters without
marks, Uzbek and Turkmen in Latin letters.
"""

from __future__ import annotations

import re

# Ranges for character classes of regular expressions.
HANGUL = "\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\uac00-\ud7ff\uffa1-\uffdc"
HAN_KANA = (
    "\u3005\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff"
)
# Marks that belong to the word around them, which Python's \w leaves out: combining accents, Arabic
# vowel signs, Devanagari vowel signs, the joiners of Persian and Hindi.
MARKS = "\u0300-\u036f\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0962\u0963\u200c\u200d"
# ' ’ ‘ ` ´ ʻ ʼ ʹ ʽ ′ ＇: typed for the Uzbek oʻ gʻ and ʼ, the Turkish case mark, the English possessive.
APOSTROPHES = "'’‘`´ʻʼʹʽ′＇"

CYRILLIC = re.compile("[\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f]")
LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a]")

# Small Cyrillic letters that are drawn as Latin ones are when they are capitals.
LOOKALIKES = str.maketrans("авекмнорстху", "abekmhopctxy")

# Official alphabets: Uzbek law of 2 September 1993 as amended in 1995 (oʻ gʻ sh ch), Turkmen Latin of
# 1999. The apostrophe of oʻ, gʻ and ʼ is left out here because `analysis` drops it from Latin words too.


def _table(cyrillic: str, latin: str) -> dict[str, str]:
    return dict(zip(cyrillic, latin.split(), strict=True))


_COMMON = _table("абвгдзийклмнопрстуф", "a b v g d z i y k l m n o p r s t u f") | {"ъ": "", "ь": ""}
_UZBEK = _COMMON | _table("еёжхцчшщыэюяўқғҳ", "e yo j x s ch sh sh i e yu ya o q g h")
_TURKMEN = _COMMON | _table("веёжхцчшщыэюяңөүәҗ", "w e yo z h s c s sc y e yu ya n o u a j")
_TABLES = {"uz": str.maketrans(_UZBEK), "tk": str.maketrans(_TURKMEN)}

# "е" opens a syllable as "ye" (Ўзбек: Европа, Yevropa); Uzbek "ц" after a vowel is "ts" (конституция).
_YE = re.compile("(?:(?<![а-яёўқғҳңөүәҗ])|(?<=[аеёиоуыэюяўөүәъь]))е")
_TS = re.compile("(?<=[аеёиоуыэюяў])ц")


def to_latin(word: str, language: str) -> str:
    """A lower-case Cyrillic word of Uzbek ("uz") or Turkmen ("tk") in plain letters of its Latin alphabet."""
    word = _YE.sub("ye", word)
    if language == "uz":
        word = _TS.sub("ts", word)
    return word.translate(_TABLES[language])


# Prepositions, articles, auxiliaries, as `analysis` folds them. They say nothing of what is asked, and in
# a library where their language is rare BM25 would take them for rare words.
FUNCTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "a an the of in on at by for to from with and or as is are was were be been being has have had "
        "its it their this that these those there between into about",
        "ru": "в во на у к ко с со о об от до из за по при для и или а но же не был была было были есть это "
        "этот эта эти между его ее их под над так",
        "uz": "va bilan uchun ham edi bolgan boyicha bu shu u ular ortasida ortasidagi dan ga da",
        "kk": "және мен бен пен үшін бойынша болды еді бұл ол осы арасында арасындағы туралы",
        "ky": "жана менен үчүн боюнча болгон эле бул ал ушул ортосунда ортосундагы жөнүндө",
        "tg": "ва дар ба аз бо барои ки буд аст шуд ин он байни оид",
        "tk": "we bilen ucin boyunca boldy bu ol sol arasynda arasyndaky barada",
    }.items()
}

# With the word before them these ask how much, and the answer need not say them: "How large is the diaspora?"
DEGREE_WORDS: dict[str, dict[str, frozenset[str]]] = {
    language: dict.fromkeys(before.split(), frozenset(words.split()))
    for language, before, words in (
        ("en", "how", "large big great small long short old far often high tall deep wide fast heavy"),
        (
            "ru",
            "как насколько",
            "велик велика велико велики длинен длинна высок высока высоки глубок глубока далеко",
        ),
    )
}
QUESTION_WORDS: dict[str, frozenset[str]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "what which who whom whose when where why how did do does many much",
        "ru": "что кто какой какая какое какие каким какую какого каком какому каких какими какова каково "
        "каковы когда где куда откуда сколько насколько как почему зачем чем чего кого кому кем чей чья чье ли",
        "uz": "nima nimani nimaga nimadan kim kimni kimga kimning kimlar qachon qayer qayerda qayerga "
        "qayerdan qaysi qancha nechta necha nechanchi qanday qanaqa nega nimaning mi",
        "kk": "не неге нені неден ненің немен қандай қай қайда қайдан қайсы қашан қанша неше нешінші "
        "кім кімнің кімге кімді кіммен қалай ма ме ба бе па пе",
        "ky": "эмне эмнеге эмнени кандай кайсы кайда кайдан качан канча нече неченчи ким кимдин кимге "
        "кимди кантип эмне үчүн",
        "tg": "чи чӣ кай кадом куҷо куҷост чанд чаро чӣ гуна чигуна кист кӣ чист кадоме оё",
        "tk": "name namani namanin haysy haysysy hacan nirede nira nireden nace nacenji kim kimin kime "
        "nahili name ucin nadip",
        "tr": "ne nedir neden nasil kim kimdir kimin kime hangi hangisi hangileri kac kacinci nerede nereye "
        "nereden neresi nerededir neler nelerdir niye nicin mi mu",
        "ko": "무엇 무엇인가 무엇을 무엇이 무엇인가요 무슨 누구 누구인가 누가 누구를 어디 어디서 어디에서 "
        "어디에 어디인가 언제 언제부터 어떤 어느 얼마 얼마나 얼마인가 몇 왜 어떻게",
        "de": "was wer wen wem wessen wann wo wohin woher warum wie welche welcher welches viele viel",
        "fr": "que qui quoi quel quelle quels quelles quand ou comment pourquoi combien est ce",
    }.items()
}
