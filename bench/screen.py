"""From the Enter key to the answer on the screen: the real app over the starter documents, in a real browser.

python -m bench.screen [--questions 40]

Chromium types gold questions of the corpus, ten to a page, and waits until the answer or the refusal is drawn. The
first page warms up and is not counted.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from bench.load import served
from bench.questions import CORPUS
from bench.record import save

CHROMIUM = "/usr/bin/chromium"
A_PAGE = 10  # questions to a page: a conversation as it is had
WARM_UP = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--questions", type=int, default=40)
    options = parser.parse_args()
    lines = (CORPUS / "questions.jsonl").read_text("utf-8").splitlines()
    questions = [json.loads(line)["question"] for line in lines]
    warm, asked = questions[-WARM_UP:], questions[: options.questions]
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), [CORPUS / "documents"]) as (_, url),
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--headless", "--no-sandbox"])
        _times(browser, url, warm)
        pages = [asked[at : at + A_PAGE] for at in range(0, len(asked), A_PAGE)]
        times = [took for page in pages for took in _times(browser, url, page)]
        browser.close()
    p50, p95 = np.percentile(times, (50, 95))
    results = {"questions": len(times), "p50": round(float(p50)), "p95": round(float(p95))}
    save(
        "screen",
        f"gold questions of the starter corpus, each asked once, {A_PAGE} to a page, after {WARM_UP} others; "
        "milliseconds from Enter to the answer drawn, browser and server on the same cores",
        results,
        ("gradio", "openvino", "faiss-cpu", "tantivy", "playwright"),
    )


def _times(browser: Browser, url: str, questions: list[str]) -> list[float]:
    """Milliseconds of each question, asked one after the other in a fresh page."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(url)
    page.locator("#question textarea").wait_for()
    page.locator(".examples button:visible").first.wait_for()  # the page is filled
    times = []
    for number, question in enumerate(questions, start=1):
        page.locator("#question textarea").fill(question)
        began = time.perf_counter()
        page.locator("#question textarea").press("Enter")
        page.wait_for_function(
            "count => document.querySelectorAll('#answer .turn:not(.pending)').length >= count", arg=number
        )
        times.append((time.perf_counter() - began) * 1000)
    page.close()
    return times


if __name__ == "__main__":
    main()
