"""What a question asks for, by its question words, in each language of the region.

The kinds in SHORT are answered by a few words, those in BRIEF by several sentences or a list.
"""

from __future__ import annotations

import re
import unicodedata
from enum import Enum
from functools import lru_cache

from index.letters import APOSTROPHES


class Kind(Enum):
    """The kind of answer that a question wants."""

    DATE = "date"
    QUANTITY = "quantity"
    PERSON = "person"
    PLACE = "place"
    HOW = "how"  # in what manner
    WHY = "why"
    COMPARE = "compare"
    LIST = "list"
    DESCRIBE = "describe"  # or define, or explain
    OTHER = "other"


SHORT = frozenset((Kind.DATE, Kind.QUANTITY, Kind.PERSON, Kind.PLACE))
BRIEF = frozenset((Kind.HOW, Kind.WHY, Kind.COMPARE, Kind.LIST, Kind.DESCRIBE))

# One cell of a table, or one item, is too little for these.
SEVERAL = frozenset((Kind.COMPARE, Kind.LIST))

_NUMBER = (
    r"(?:\d+|two|three|four|five|six|seven|eight|nine|ten|дв[ае]|двух|три|тр[её]х|четыре|четыр[её]х|пять|пяти|шесть"
    r"|шести|семь|семи|ikki|uch|to'rt|besh|olti|yetti|икки|уч|тўрт|беш|олти|етти|екі|үш|төрт|бес|алты|жеті"
    r"|эки|жети"
    r"|ду|се|чор|чаҳор|панҷ|шаш|ҳафт|iki|üç|dört|bäş|alty|ýedi|beş|altı|yedi)"
)
# The plural of a Turkic noun: letters, the ending, case and person after it.
_TURKIC = r"[^\W\d_]+(?:lar|ler|лар|лер|лор|лөр|дар|дер|дор|дөр|тар|тер|тор|төр)(?!ди|ді|ган|ған)"
_COMPARED = (
    r"more|less|fewer|larger|bigger|greater|higher|lower|smaller|better|older|newer|longer|shorter"
    r"|earlier|later"
)
# "How large" asks for a figure, "how" before a verb for a manner.
_MEASURE = (
    r"many|much|large|big|long|old|far|often|high|tall|deep|wide|fast|heavy|expensive|small|great|late|early"
)
# Verbs and first halves of compound verbs: "qanday tashkil etilgan" asks how, "qanday loyiha" which.
_UZBEK_VERB = (
    r"tashkil|amalga|yo'lga|hal (?:et|qil|bo'l)|ta'sir|qabul|rivojlan|ishla|o'zgar|boshlan|paydo"
    r"|yuzaga|qo'llan"
)
_UZBEK_VERB_CYRILLIC = (
    r"ташкил|амалга|йўлга|ҳал (?:эт|қил|бўл)|таъсир|қабул|ривожлан|ишла|ўзгар|бошлан|пайдо|юзага|қўллан"
)

# Of the cues in a question the leftmost tells the kind, of those that begin together the first here. Hangul and
# Han words carry no boundaries: they are matched anywhere. Apostrophes are ' and letters small.
_CUES = (
    (
        Kind.QUANTITY,
        rf"\bhow (?:{_MEASURE})\b|\bat what (?:price|cost|rate)\b"
        r"|\bwhat (?:is|was|are|were)?\s?(?:the )?(?:\w+ )?"
        r"(?:percentage|share|number|amount|size|value|volume|population|price|cost)\b"
        r"|\bсколько\b|\bнасколько\b|\bкак (?:долго|часто|далеко|много|велик\w*)\b"
        r"|\bкак(?:ов|ова|ово|овы|ой|ая|ое|ую)\b.*?\b(?:объ[её]м|размер|стоимост|дол[яию]|числ|количеств|сумм|запас"
        r"|населени|экспорт|импорт|процент)"
        r"|얼마|몇 ?년 ?(?:동안|간)|몇 ?(?:명|개|건|퍼센트|달러|톤|차례|번|배|킬로|곳|가지|%)"
        r"|(?:규모|비율|비중|인구|면적|수출액|수입액)[은는] ?(?:\?|얼마|어떻게 되|$)"
        r"|\bqancha\w*|\bnecha(?:ta)?\b(?!nchi)(?! yil ?da\b)|\bnechta\b|\bqanchalik\b|\bқанча\w*|\bнечта\b"
        r"|\bнеча(?:та)?\b"
        r"|\bқанша\w*|\bнеше(?:у)?\b|\bканча\w*|\bнече(?:о|өө)?\b|\bnäçe(?:si)?\b|\bnace\b"
        r"|\bчанд(?:то|от|-то)?\b|\bчӣ қадар\b|\bчи қадар\b"
        r"|\bkaç\b|\bne kadar\b|多少|几(?!年|个?国家)",
    ),
    (
        Kind.DATE,
        r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|century|decade)s?\b"
        r"|\bwhat (?:is|was) the (?:year|date)\b|\bsince when\b"
        r"|\bкогда\b|\bв каком (?:году|месяце|веке)\b|\bкакого (?:числа|года)\b"
        r"|\bс какого (?:года|времени)\b|\bв какие годы\b"
        r"|언제|몇 ?년|몇 ?월|며칠|어느 ?해|어느 연도|\bqachon\w*|\b(?:qaysi|nechanchi) (?:yil|oy|kun|sana)"
        r"|\bқачон\w*"
        r"|\b(?:қайси|нечанчи) (?:йил|ой|кун|сана)"
        r"|\bқашан\w*|\b(?:қай|қайсы|нешінші) (?:жыл|ай|күн)|\bкачан\w*"
        r"|\b(?:кайсы|кай|неченчи) (?:жыл|ай\b|айда|күн)"
        r"|\bhaçan\w*|\bhacan\b|\b(?:haýsy|näçenji|haysy|nacenji) (?:ýyl|yyl|aý|gün|gun)"
        r"|\bкай\b(?! (?:жер|өлкө|шаар|мамлекет|тармак|аймак|тарап|ишкана|компания|долбоор))"
        r"|\b(?:дар )?(?:кадом|чандум) (?:сол|моҳ|рӯз|сана)|\bne zaman\b|\bhangi (?:yıl|tarih)"
        r"|\bkaç yılında\b|何时|什么时候|哪一?年|几年",
    ),
    (
        Kind.WHY,
        r"\bwhy\b|\bhow come\b|\bfor what reason"
        r"|\bwhat (?:is|was|are|were) the (?:\w+ ){0,2}(?:reason|cause)s?\b"
        r"|\bwhat (?:\w+ )?(?:reasons?|causes?|caused|causing|made|led|leads|explains?|explained|drove|drives"
        r"|prompted|triggered)\b"
        r"|\bпочему\b|\bзачем\b|\bотчего\b|\bпо как(?:ой|им) причин|\bиз-за чего\b"
        r"|\bчем (?:\w+ )?(?:объясня|вызван|обусловлен|мотивир)"
        r"|\bкаков[аы] (?:\w+ ){0,2}причин|\bкак(?:ая|ие) (?:\w+ ){0,2}причин|\bв ч[её]м (?:\w+ ){0,2}причин"
        r"|왜(?![가-힣])|(?:이유|까닭)[은는가이를을]|(?:이유|원인|까닭)[은는이가] ?(?:무엇|뭐)|무엇 때문"
        r"|어째서|무슨 (?:이유|까닭)|(?:이유|원인)은\W*$"
        r"|\bnega\b|\bnima (?:uchun|sababdan|sabab)\b|\bqanday sabab|\bsabab\w* (?:nima|qanday)|\bнега\b"
        r"|\bнима (?:учун|сабабдан|сабаб)\b|\bқандай сабаб|\bсабаб\w* (?:нима|қандай)"
        r"|\bнеге\b(?! (?:тең|негізд))|\bне үшін\b|\bне себеп|\bнеліктен\b|\bсебеб\w* (?:не|неде|қандай)\b"
        r"|\bэмне үчүн\b|\bэмнеге\b|\bэмне себеп|\bэмнеликтен\b|\bкандай себеп"
        r"|\bсебеб\w* (?:эмне|эмнеде|кандай)"
        r"|\bчаро\b|\bбарои ч[ӣи]\b|\b(?:бо|аз) (?:кадом|ч[ӣи]) сабаб|\bсабаб\w* .*?(?:чист|чӣ\b|дар чист)"
        r"|\bаз барои ч[ӣи]\b"
        r"|\bn[äa]me (?:[üu][çc]in|sebäp|sebap)|\bn[äa]m[üu][çc]in\b|\bsebä[bp]\w* (?:näme|nämede)"
        r"|\bnäme sebäpden\b"
        r"|\bneden\b(?! (?:oluş|yapıl))|\bniçin\b|\bniye\b|\bsebe[bp]\w* ne|为什么|为何|为啥|(?:原因"
        r"|理由)(?:是什么|何在)",
    ),
    (
        Kind.COMPARE,
        r"\bcompar(?:e|es|ed|ing|ison)\b|\bdiffer(?:s|ed|ence|ences)?\b|\bdifferent from\b|\bversus\b"
        r"|\bvs\b|\bsimilarit(?:y|ies)\b"
        r"|\b(?:how|what) .*\b(?:similar|alike|distinguish\w*|in common)\b|\bcontrast(?:s|ing)?\b"
        rf"|\b(?:which|who|what|where)\b[^?]*\b(?:{_COMPARED})\b[^?]*[,:][^?]*\bor\b"
        r"|\bсравн\w*|\bпо сравнению\b|\bотлича\w*|\bотличи[еяй]\w*|\bразличи[еяй]\w*|\bразлича[юе]тся\b"
        r"|\bразниц\w*|\bв ч[её]м сходств|\bобщего между\b"
        r"|\b(?:кто|что|где|как\w+)\b[^?]*\b(?:больше|меньше|выше|ниже|крупнее|раньше|позже"
        r"|лучше)\b[^?]*[,:—][^?]*\bили\b"
        r"|비교|차이|어떻게 다[른르]|무엇이 다[른르]|다른가|다릅니까|다른 점|공통점|유사점|[가-힣](?:와"
        r"|과) [^?]* 중 (?:어느|어디|누가|무엇)"
        r"|\bsolishtir\w*|\btaqqosla\w*|\bqiyosla\w*|\bfarq(?:i|lar|lan|li)?\w*|\bo'xshash(?:lik|lig)\w*"
        r"|\bсолиштир\w*|\bтаққосла\w*|\bқиёсла\w*|\bфарқ\w*|\bўхшашлик\w*"
        r"|\bсалыстыр\w*|\bайырма\w*|\bұқсас\w*|\bерекшелен\w*|\bсалыштыр\w*|\bокшош\w*|\bмуқоиса\w*"
        r"|\bтафовут\w*|\bмонанд[иӣ]\w*"
        r"|\bdeňeşdir\w*|\bdenesdir\w*|\btapawu[td]\w*|\bmeňzeş\w*|\bkarşılaştır\w*|\bkıyasla\w*"
        r"|\bfark(?:ı|lı|lar)\w*|比较|区别|不同|差异|相比",
    ),
    (
        Kind.LIST,
        r"^(?:please )?(?:list|enumerate)\b"
        rf"|^(?:please )?name (?:all|the (?:main |{_NUMBER}|\w+s\b)|{_NUMBER}|some|\w+s\b)|\bgive a list\b"
        rf"|\b(?:which|what) (?:are |were )?(?:the )?{_NUMBER} (?:\w+ )?\w+"
        r"|\bwhich (?:of the )?(?:[\w-]+ ){0,2}?(?!is\b|was\b|has\b|does\b)[\w-]*(?:[a-rt-z]s|people|women"
        r"|men)\b(?! (?:the|a|an|its|for|that)\b)"
        r"|\bwhat (?:[\w-]+ ){0,2}?(?!is\b|was\b|has\b|does\b|were\b|are\b|this\b)[\w-]*[a-rt-z]s (?:are|were"
        r"|have|do|did|will|can)\b"
        r"|\b(?:what|who) (?:are|were) (?:the |its |their )(?:\w+ ){0,3}?(?!exports|imports|reserves)[\w-]*[a-rt-z]s\b"
        rf"|\bперечисл\w*|\bсписок\b|\bназов\w+ (?:все|основные|главные|{_NUMBER}|\w+[ыи])\b|\bкаки(?:е|х)\b"
        r"|\bс какими\b|\bкаковы\b|\bв каки[ех]\b"
        r"|나열|열거|목록|(?:어떤|어느|무슨) (?:\S+ )?\S*들|\d+ ?개(?:국|국가|분야|나라)?\S* (?:\S+ )?(?:어디"
        r"|무엇|어느)"
        r"|(?:두|세|네|다섯|여섯|일곱) (?:나라|국가|분야|가지|기관)\S* (?:\S+ )?(?:어디|무엇|어느)|(?:어떤"
        r"|무엇이|어떤 것이|무엇들이) 있"
        r"|들은 (?:무엇|어디|누구)|모두 (?:말|쓰|적|들)|것들은"
        rf"|\bsanab\b|\bsanang\b|\bro'yxat\w*|\bq(?:aysi|anday) (?:\w+ )?(?:{_TURKIC}|{_NUMBER})"
        rf"|\bnimalar\w*|\bсанаб\b|\bсананг\b|\bрўйхат\w*|\bқ(?:айси|андай) (?:\w+ )?(?:{_TURKIC}|{_NUMBER})"
        r"|\bнималар\w*"
        r"|\bтізі(?:м|п)\w*|\bатап (?:бер|көрсет|шық|өт)\w*|\bатаңыз"
        rf"|\bқай(?:сы)? (?:\w+ )?(?:{_TURKIC}|{_NUMBER})|\bнелер\b"
        rf"|\bтизме\w*|\bсанап\b|\bсанагыла\b|\bатагыла\b|\bк(?:айсы|андай) (?:\w+ )?(?:{_TURKIC}|{_NUMBER})"
        r"|\bэмнелер\w*"
        r"|\bном(?:бар|ӣ)? кун\w*|\bрӯйхат\w*|\bруйхат\w*|\bфеҳрист\w*"
        rf"|\bкадом (?:\w+ )?(?:\w+(?:ҳо|гон|ён)\w{{0,4}}|{_NUMBER})\b|\bкадомҳо\b|\bчиҳо\b"
        rf"|\bsana(?:ň|p)\b|\bsanaw\w*|\bha[ýy]sy (?:\w+ )?(?:{_TURKIC}|{_NUMBER})"
        rf"|\bn[äa]hili (?:\w+ )?{_TURKIC}|\bn[äa]meler\w*"
        rf"|\blistele\w*|\bsırala\w*|\bhangi (?:\w+ )?(?:{_TURKIC}|{_NUMBER})|\bneler(?:dir)?\b|列出|列举|哪些"
        r"|哪[两三四五六七八九十几]|几个?国家",
    ),
    (
        Kind.QUANTITY,
        r"\bwhat (?:were|was|are|is) .*?\b(?:exports?|imports?|trade|reserves)\b"
        r"(?! (?:zone|agreement|policy|route|partner|union|deal|bloc))",
    ),
    (
        Kind.PLACE,
        r"\bwhere\b|\b(?:what|which) (?:city|country|place|state|region|town|village|capital)\b|\bгде\b"
        r"|\bкуда\b|\bоткуда\b"
        r"|\bв как(?:ом|ой) (?:город|стран|мест|област|регион)|어디|어느 (?:나라|도시|지역|곳)|\bqayer"
        r"|\bq(?:aysi|anday) (?:shahar|davlat|mamlakat|joy)|\bқаер|\bқайси (?:шаҳар|давлат|мамлакат|жой)"
        r"|\bқайда\w*|\bқай(?:сы)? (?:қала|ел\b|елде|жер)|\bкайда\w*"
        r"|\bкай(?:сы)? (?:шаар|өлкө|жер|мамлекет)|\bnire\w*|\bha[ýy]sy (?:şäher|saher|ýurt|yurt|ýer)"
        r"|\bкуҷо\w*|\bкадом (?:шаҳр|кишвар|давлат|ҷо)|\bnerede\w*|\bhangi (?:şehir|ülke)|哪里|在哪"
        r"|哪个?(?:城市|国家)",
    ),
    (
        Kind.HOW,
        rf"\bhow\b(?! (?:{_MEASURE})\b)|\b(?:in what|by what|what) (?:way|manner|means|method)s?\b"
        r"|(?:^|[,;:]\s?|\b(?:и|а|о|про|опишите|расскажите|объясните),? )как\b(?! (?:называ|зовут|долго|часто"
        r"|далеко|много|велик))"
        r"|\bкаким (?:\w+ )?(?:образом|способом|пут[её]м|методом)|\bс помощью чего\b"
        r"|어떻게(?! ?(?:되(?:나|니|는|십|ㅂ)|됩|돼))|어떤 (?:방식|방법|식|경로|과정)|(?:방법|방식)[은는]"
        rf"|\bq(?:anday|ay) (?:qilib|yo'l|usul|tarz|vosita)|\bqanday (?:\w+ )?(?:{_UZBEK_VERB})"
        rf"|\bқ(?:андай|ай) (?:қилиб|йўл|усул|тарз|восита)|\bқандай (?:\w+ )?(?:{_UZBEK_VERB_CYRILLIC})"
        r"|\bқалай\w*|\bқандай (?:жолмен|жолдар|әдіс|тәсіл|түрде)|\bкантип\b|\bкандайча\b"
        r"|\bкандай (?:жол|ыкма|түрдө)"
        r"|\bч[ӣи] (?:тавр|гуна|хел)|\bч[иӣ](?:гуна|тавр)\b|\bбо (?:кадом|ч[ӣи]) (?:роҳ|усул|восита|тарз)"
        r"|\bn[äa]dip\b|\bn[äa]hili (?:ýol|usul|görnüş)|\bn[äa]hili\b(?! \w+(?:lar|ler))|\bnasıl\b"
        r"|\bne şekilde\b|如何|怎么|怎样",
    ),
    (
        Kind.PERSON,
        r"\bwho(?:m|se)?\b|\bwhat (?:person|president|minister|author|scholar)\b|\bкто\b|\bкого\b|\bкем\b"
        r"|\bкому\b|누가|누구"
        r"|\bkim(?:lar|ni|ning|ga|dan|e|iň|i)?\b|\bким(?:лар|ни|нинг|га|ди|дин|ге|дер)?\b|\bкім\w*|\bкӣ\b"
        r"|\bкист\b|谁",
    ),
    (
        Kind.DESCRIBE,
        r"\bdescri(?:be|ption)\b|\bdefin(?:e|ition)\b|\bexplain\b|\btell (?:me|us) about\b"
        r"|\bmean(?:s|t)?\b(?= ?\W*$| by)|\boverview\b|\bsummari[sz]e\b"
        r"|^what(?:'s| is| are| was| were) (?:an? |the )?(?!of\b)(?:[\w+'-]+ ?){1,4}\??$"
        r"|\bопи(?:ши|сать)\w*|\bчто (?:такое|представля|означа|значит)|\bкто так(?:ой|ая|ие)\b"
        r"|\bрасскаж\w*|\bопредел(?:ение|ите)\b|\bобъясн\w*|\bохарактериз\w*|\bдай(?:те)? характеристик"
        r"|(?:이?란|라는 것은) ?(?:\?|무엇|어떤|누구|$)|설명|정의(?:는|하|를)|(?:의미|뜻)(?:하|은|는|이)|서술"
        r"|묘사|소개|대해 (?:말|알려|이야기)"
        r"|\btushuntir\w*|\bta'rif\w*|\btavsif\w*|\btasvirla\w*|\b(?:deganda|degani|deb) nima|\bnima degani"
        r"|\bnimani anglat|\bhaqida (?:so'zla|ayt|gapir|ma'lumot)|^(?:\S+ ){1,2}(?:o'zi )?nima\W*$"
        r"|\bтушунтир\w*|\bтаъриф\w*|\bтавсиф\w*|\bтасвирла\w*|\b(?:деганда|дегани|деб) нима|\bнима дегани"
        r"|\bнимани англат|\bҳақида (?:сўзла|айт|гапир|маълумот)|^(?:\S+ ){1,2}(?:ўзи )?нима\W*$"
        r"|\b(?:дегеніміз|деген) не\b|\bанықтама\w*|\bсипатта\w*|\bтүсіндір\w*|\bтуралы айт|\bнені білдір"
        r"|\b(?:дегенибиз|деген) эмне\b|\bаныктама\w*|\bсүрөттө\w*|\bмүнөздө\w*|\bтүшүндүр\w*|\bжөнүндө айт"
        r"|\bэмнени билдир"
        r"|\bшарҳ\b|\bфаҳмон\w*|\bмаъно\w* .*(?:дорад|чист)|\bнақл кун|\bмаълумот диҳ|^(?:\S+ ){1,3}чист\W*$"
        r"|\bn[äa]me (?:di[ýy]mek|diýen)|\bdi[ýy]mek n[äa]me|\bdi[ýy](?:en|ilýän) n[äa]me"
        r"|\bd[üu][şs][üu]ndir\w*|\bhäsiýetlendir\w*|\bkesgitle\w*|\bbarada (?:aýt|gürrüň|maglumat)"
        r"|\bnämäni aňlad"
        r"|^(?:\S+ ){1,3}nedir\W*$|\btanımla\w*|\baçıkla\w*|\banlat\w*|是什么|什么是|定义|描述|介绍|解释",
    ),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(cues)) for kind, cues in _CUES)
# "How do the two differ" compares although it begins with "how".
_YIELD_TO_COMPARE = frozenset((Kind.HOW, Kind.LIST, Kind.DESCRIBE))
_STRAIGHT = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
# "Who is Kim Sung-hwan?" wants to know of him; "Who is the minister?" wants a name.
_WHO_IS_NAME = re.compile(r"\s*Who (?:is|was) (?!The\b)[A-Z]\S*(?: [A-Z(]\S*)*\s*\??\s*")
# A Korean surname that asks "who" in Turkic languages: a capital inside the sentence or before another.
_KIM = re.compile(r"(?<=\S\s)(?:Kim|Ким)\b|\b(?:Kim|Ким)(?=[ -][A-ZА-ЯЁ])")


@lru_cache(maxsize=256)
def kind_of(question: str) -> Kind:
    """The kind of answer that `question` wants, OTHER when no question word tells."""
    question = unicodedata.normalize("NFC", question).translate(_STRAIGHT)
    if _WHO_IS_NAME.fullmatch(question):
        return Kind.DESCRIBE
    folded = _KIM.sub("", question).casefold().strip()
    found = [(match.start(), kind) for kind, pattern in _PATTERNS if (match := pattern.search(folded))]
    if not found:
        return Kind.OTHER
    kind = min(found, key=lambda each: each[0])[1]  # min keeps the first of equals
    return Kind.COMPARE if kind in _YIELD_TO_COMPARE and any(k is Kind.COMPARE for _, k in found) else kind
