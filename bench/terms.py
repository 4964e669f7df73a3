"""How well terms alone find the paragraph a question was asked about, in ten sets and six languages.

python -m bench.terms

"shipped" is `index.analysis` as it stands, the library holding the one language; "in eight languages"
the same with the eight languages of the region held. The other lines are what it was chosen over. The
choices (length of a stem, stem and word together, question words) were made looking at these sets, so the
figures of "shipped" flatter it a little.
"""

from __future__ import annotations

import re
import time

import Stemmer

from bench.record import save
from bench.term_recall import Questions, load_contexts, load_xquad, measure, once
from index.analysis import query_terms, terms
from index.query_language import query_language

REGION = frozenset(("en", "kk", "ko", "ky", "ru", "tg", "tk", "uz"))
_WORD = re.compile(r"[^\W_]+")
_HAN = re.compile("[\u3400-\u9fff]+|[^\\W_\u3400-\u9fff]+")


def shipped(data: Questions, language: str) -> dict[str, object]:
    return {
        "shipped": measure(
            data, lambda t: terms(t, language), lambda q: query_terms(q, query_language(q), {language})
        ),
        "in eight languages": measure(
            data,
            lambda t: terms(t, language),
            lambda q: query_terms(q, query_language(q), REGION | {language}),
        ),
        "questions whose language is told right": round(
            sum(query_language(question) == language for question, _ in data[1]) / len(data[1]), 4
        ),
    }


def prefixes(data: Questions, lengths: tuple[int, ...] = (4, 5, 6, 7, 99)) -> dict[str, object]:
    """The first letters of each word as its only term; 99 is the whole word."""
    results: dict[str, object] = {}
    for length in lengths:

        def cut(text: str, length: int = length) -> list[str]:
            return [word[:length] for word in _WORD.findall(text.casefold())]

        results[f"first {length} letters alone"] = measure(data, cut, once(cut))
    return results


def snowball(data: Questions, algorithm: str) -> dict[str, object]:
    stemmer = Stemmer.Stemmer(algorithm)

    def stems(text: str) -> list[str]:
        return [str(stem) for stem in stemmer.stemWords(_WORD.findall(text.casefold()))]

    return {"Snowball stems alone": measure(data, stems, once(stems))}


def han(data: Questions) -> dict[str, object]:
    results: dict[str, object] = {}
    for name, sizes in (("characters", (1,)), ("pairs", (2,)), ("characters and pairs", (1, 2))):

        def grams(text: str, sizes: tuple[int, ...] = sizes) -> list[str]:
            found = []
            for run in _HAN.findall(text.casefold()):
                if "\u3400" <= run[0] <= "\u9fff":
                    found += [run[i : i + n] for n in sizes for i in range(max(len(run) - n + 1, 1))]
                else:
                    found.append(run)
            return found

        results[name] = measure(data, grams, once(grams))
    return results


def main() -> None:
    english, russian, turkish = load_xquad("en"), load_xquad("ru"), load_xquad("tr")
    tquad, kazqad = load_contexts("tquad"), load_contexts("kazqad-validation")
    covid, chinese = load_contexts("covid-qa"), load_contexts("cmrc2018")
    results: dict[str, object] = {
        "XQuAD en": shipped(english, "en") | snowball(english, "english"),
        "COVID-QA en": shipped(covid, "en") | snowball(covid, "english"),
        "XQuAD ru": shipped(russian, "ru") | snowball(russian, "russian") | prefixes(russian),
        "XQuAD tr": shipped(turkish, "tr") | snowball(turkish, "turkish") | prefixes(turkish),
        "TQuAD tr": shipped(tquad, "tr") | snowball(tquad, "turkish") | prefixes(tquad),
        "KazQAD kk": shipped(kazqad, "kk") | prefixes(kazqad),
        "XQuAD zh": shipped(load_xquad("zh"), "zh"),
        "CMRC zh": shipped(chinese, "zh") | han(chinese),
        "DRCD zh": shipped(load_contexts("drcd"), "zh"),
        "ARCD ar": shipped(load_contexts("arcd"), "ar"),
    }
    text = " ".join(english[0]) * 20
    begin = time.process_time()
    terms(text, "en")
    results["English text, MB per processor second"] = round(
        len(text) / 1e6 / (time.process_time() - begin), 1
    )
    conditions = "each question to all paragraphs of its set, BM25 of tantivy (k1 1.2, b 0.75), one thread"
    save("terms", conditions, results, ("tantivy", "PyStemmer", "py3langid"))


if __name__ == "__main__":
    main()
