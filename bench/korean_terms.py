"""Which terms find Korean passages: words, syllable pairs, or Kiwi's morphemes?

python -m bench.korean_terms        (needs: pip install kiwipiepy, for the comparison only)

KorQuAD 1.0 dev, 5,774 questions, each against all 960 contexts by BM25. The outcome is why
`index/analysis.py` uses syllable pairs, the first pair of a word counted again under a mark: within a
point of morphemes, without a model of 105 MB to install and half a gigabyte to hold. The mark was picked
among a dozen variants on this same set, and Kiwi was taken as it comes; differences under a point say
nothing about which is better.
"""

from __future__ import annotations

import importlib
import re
import resource
import time
from collections.abc import Callable

from bench.record import save
from bench.term_recall import Terms, load_contexts, measure, once
from index.analysis import query_terms, terms

_TOKEN = re.compile("[가-힣]+|[a-zA-Z]+|[0-9]+")
# Nouns, numerals, pronouns, verb and adjective stems, modifiers, roots, foreign words, figures.
_CONTENT = ("NN", "NR", "NP", "VV", "VA", "MM", "MAG", "XR", "XPN", "XSN", "SL", "SH", "SN")


def words(text: str) -> list[str]:
    return _TOKEN.findall(text.lower())


def pairs(text: str) -> list[str]:
    found = []
    for word in words(text):
        if word[0] >= "가" and len(word) > 1:
            found += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            found.append(word)
    return found


def marked_pairs(text: str) -> list[str]:
    return pairs(text) + ["^" + word[:2] for word in words(text) if word[0] >= "가" and len(word) > 1]


def load_morphemes() -> tuple[Terms, Callable[[], dict[str, float]]]:
    """Kiwi's content morphemes, and what loading and holding it took."""
    before, begin = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    # Loaded here, so that its memory can be told apart, and so that no one else needs it installed.
    kiwi = importlib.import_module("kiwipiepy").Kiwi(num_workers=1)
    kiwi.tokenize("가")
    seconds = time.process_time() - begin

    def morphemes(text: str) -> list[str]:
        return [token.form.lower() for token in kiwi.tokenize(text) if token.tag.startswith(_CONTENT)]

    def costs() -> dict[str, float]:
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        return {"load_s": round(seconds, 2), "memory_mb": round(grown / 1024)}

    return morphemes, costs


def main() -> None:
    data = load_contexts("korquad-1.0-dev")
    results: dict[str, object] = {}
    for name, analysis in (("words", words), ("pairs", pairs), ("pairs, first one marked", marked_pairs)):
        results[name] = measure(data, analysis, once(analysis))
    results["shipped: also without question words"] = measure(
        data, lambda text: terms(text, "ko"), lambda query: query_terms(query, "ko", {"ko"})
    )
    morphemes, costs = load_morphemes()
    results["Kiwi morphemes"] = measure(data, morphemes, once(morphemes)) | costs()

    def both(text: str) -> list[str]:
        return morphemes(text) + pairs(text)

    results["Kiwi morphemes and pairs"] = measure(data, both, once(both))
    conditions = (
        "KorQuAD 1.0 dev: 5,774 questions to 960 contexts, BM25 of tantivy (k1 1.2, b 0.75), one thread"
    )
    save("korean_terms", conditions, results, ("tantivy", "kiwipiepy", "kiwipiepy_model"))


if __name__ == "__main__":
    main()
