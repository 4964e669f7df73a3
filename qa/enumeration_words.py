"""The little words and marks by which enumerations are told, in each language of the region.

Sets hold words in small letters.
"""

from __future__ import annotations

import re

from index.letters import FUNCTION_WORDS


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_ANDS = (
    "and or & и или va yoki ва ёки және әрі жана же we ve veya и 或 和 与 及",
    # "With" joins two names as well.
    "bilan билан мен бен пен менен bilen",
)
AND, WITH = map(_set, _ANDS)
# These join what is joined by "and" inside: "education and science as well as tourism".
AND_LAST = re.compile(
    r"(?<!\w)(?:as well as|and also|а также|hamda|ҳамда|shuningdek|шунингдек|сондай-ақ|ошондой эле|инчунин|ҳамчунин"
    r"|şeýle hem|hem-de)(?!\w),?",
    re.IGNORECASE,
)
ET_CETERA = re.compile(
    r"\W{0,3}(?:etc\b|and (?:so on|others)|и (?:др|пр|т\. ?[дп])\b|и другие|va boshqalar|ва бошқалар|тағы басқа"
    r"|ж\. ?б\.|және т\.б|жана башка|ва ғайра|ва дигар|we başga|等)",
    re.IGNORECASE,
)
# Right before the first thing. After some of these a list is sure to come, after the others it may.
OPENING = re.compile(
    r"(?P<sure>\b(?:such as|including|include[sd]?|namely|for example|e\.g\.|включая|а именно|например"
    r"|jumladan|masalan|жумладан|масалан|атап айтқанда|соның ішінде|мысалы|анын ичинде|мисалы|аз ҷумла|масъалан"
    r"|şol sanda|mysal üçin),?\s+)|(?P<maybe>\b(?:are|were|like|как)\s+)",
    re.IGNORECASE,
)
_PARTING = (
    "will can could may might would should must also both mainly such as like which while where who what how why that"
    " during under over after before than but including he she they we it among especially particularly notably next"
    " prior due despite per through since along amid against towards across until within without around"
    " как который которая которые которым что чтобы того этого где такие также которых особенно прежде среди кроме"
    " например через против возле чем причём может могут будет будут является составляет составляют у"
    " kabi каби сияқты сыяктуу чун ýaly"
    # First words of compound verbs.
    " tilga muhokama qayd amalga yoʻlga тилга муҳокама қайд амалга йўлга жүзеге"
    # First words of a sentence.
    " firstly secondly thirdly finally lastly similarly currently recently moreover however therefore today"
    " наконец однако итак сегодня"
)
LITTLE = _set(_PARTING).union(*FUNCTION_WORDS.values())
ARTICLES = frozenset(("the", "a", "an"))
ASKING = frozenset(("what", "how", "where", "who", "why"))
OWNERS = frozenset(("its", "their", "his", "her", "our"))
PREPOSITIONS = frozenset(("of", "in", "on", "for", "from", "with", "to", "by", "at", *ARTICLES))
FINITE = _set(
    "is are was were has have had will would can could may might must should do does did"
    " был была было были есть может могут будет будут"
)
# A clause that begins so says when or why: its first comma ends it.
SUBORDINATE = re.compile(
    r"\s*(?:when|if|because|although|though|since|while|after|before|as|once"
    r"|когда|если|потому|хотя|пока|после|так как)\b",
    re.IGNORECASE,
)
# Before the first thing these say what is enumerated: "areas of transport, energy and tourism".
HEADS = re.compile(
    r"(?:area|sector|field|sphere|сфер|област|отрасл|направлен|countr|stran|стран|nation|region|регион)\w*",
    re.IGNORECASE,
)
# The same behind the last thing: "energetika va turizm sohalari".
HEADS_BEHIND = re.compile(
    r"(?:sectors?|spheres?|soha(?:lar|si)\w*|соҳа(?:лар|си)\w*|сала(?:лар|сы)\w*|тармактар\w*|ugurlar\w*|pudaklar\w*)",
    re.IGNORECASE,
)
OTHER = _set("other другие других другими boshqa бошқа басқа башка дигар beýleki başga")
# These end the phrase before them, in languages whose verb comes last.
POSTPOSITIONS = _set(
    "ham kabi singari haqida toʻgʻrisida uchun boʻyicha ҳам каби сингари ҳақида учун бўйича туралы үшін бойынша сияқты"
    " жөнүндө үчүн боюнча сыяктуу barada üçin boýunça ýaly hem"
)
CASE_ENDINGS = {
    "uz": re.compile(r"\w{3}(?:da|dan|ga|да|дан|га)$"),
    "kk": re.compile(r"\w{3}(?:[дт][ае]|[дт][ае]н|[ғқ]а|[гк]е)$"),
    "ky": re.compile(r"\w{3}(?:[дт][аеоө]|[дт][аеоө]н)$"),
    "tk": re.compile(r"\w{3}(?:da|de|dan|den)$"),
}
VERB_BEFORE_OBJECT = frozenset(("en", "ru"))
RUSSIAN_VERB = re.compile(
    r"(?:[аеуя]ет|[сзлнв]ит|[аеуия]ют|[лнрсвм]ят|овали|[иы]вали|яли|[дчшрснп]или|[жч]али|ся)$"
)
PEOPLE = re.compile(r"(?:ab|an|ish|ese|ic)$")  # "the Arab monarchies": of the name the noun is a part
# Of names in two words: "Южная Корея". Any other capital at the beginning of a sentence may be no name.
OF_NAMES = re.compile(
    r"(?:юж|север|восточ|запад|нов|саудовск|объедин|janubiy|shimoliy|жанубий|шимолий|оңтүстік|солтүстік|түштүк"
    r"|түндүк|günorta|demirgazyk|saudiya|кореяи)",
    re.IGNORECASE,
)
