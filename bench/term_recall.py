"""Question → its own paragraph by BM25 alone: the data and the measure that the term benches share."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterable, Sequence

import tantivy

from bench.record import DATA
from index.analysis import Slot

Terms = Callable[[str], list[str]]
QueryTerms = Callable[[str], Sequence[Slot]]
# Paragraphs, and questions with the number of the paragraph each was asked about.
Questions = tuple[list[str], list[tuple[str, int]]]


def load_xquad(language: str) -> Questions:
    data = json.loads((DATA / "eval" / f"xquad-dev.{language}.json").read_text("utf-8"))["data"]
    paragraphs = [paragraph for article in data for paragraph in article["paragraphs"]]
    questions = [(qa["question"], n) for n, paragraph in enumerate(paragraphs) for qa in paragraph["qas"]]
    return [paragraph["context"] for paragraph in paragraphs], questions


def load_contexts(name: str) -> Questions:
    with gzip.open(DATA / "train" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        contexts = [json.loads(line) for line in lines]
    questions = [(qa["question"], n) for n, context in enumerate(contexts) for qa in context["questions"]]
    return [context["context"] for context in contexts], questions


def once(terms: Terms) -> QueryTerms:
    """Query terms of a plain analysis: each term once, without alternatives."""
    return lambda query: [(term,) for term in dict.fromkeys(terms(query))]


def measure(data: Questions, terms: Terms, query_terms: QueryTerms) -> dict[str, float]:
    """R@1 and R@5 of the gold paragraph over all paragraphs, and processor milliseconds for each."""
    paragraphs, questions = data
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("number", stored=True)
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    schema = builder.build()
    index = tantivy.Index(schema)
    writer = index.writer(50_000_000, 1)
    begin = time.process_time()  # processor time: other work may share the machine
    analysed = [" ".join(terms(paragraph)) for paragraph in paragraphs]
    seconds = time.process_time() - begin
    for number, joined in enumerate(analysed):
        writer.add_document(tantivy.Document(number=number, terms=joined))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    ranks: list[int] = []
    for question, gold in questions:
        found = searcher.search(_query(schema, query_terms(question)), 5).hits
        numbers = [searcher.doc(address)["number"][0] for _, address in found]
        ranks.append(numbers.index(gold) + 1 if gold in numbers else 0)
    return {
        "R@1": round(sum(rank == 1 for rank in ranks) / len(ranks), 4),
        "R@5": round(sum(rank > 0 for rank in ranks) / len(ranks), 4),
        "analysis_ms_per_paragraph": round(1000 * seconds / len(paragraphs), 3),
    }


def _query(schema: tantivy.Schema, slots: Iterable[Slot]) -> tantivy.Query:
    clauses = []
    for slot in slots:
        terms = [tantivy.Query.term_query(schema, "terms", term, "freq") for term in slot]
        best = terms[0] if len(terms) == 1 else tantivy.Query.disjunction_max_query(terms)
        clauses.append((tantivy.Occur.Should, best))
    return tantivy.Query.boolean_query(clauses)
