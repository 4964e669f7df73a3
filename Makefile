# make app    sets up everything and serves the app on http://127.0.0.1:7860
# make test   sets up everything and runs the whole suite
# make check  style, types, order of import

PYTHON ?= python3
BIN := .venv/bin
export HF_HUB_OFFLINE ?= 1

.PHONY: app test check clean

app: .venv/app
	$(BIN)/python app.py

test: .venv/dev .venv/system
	$(BIN)/python -m pytest

check: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv

.venv/app: .venv/bin/python requirements.txt constraints.txt
	$(BIN)/pip install --quiet --requirement requirements.txt
	touch $@

.venv/dev: .venv/bin/python requirements.txt requirements-dev.txt constraints.txt
	$(BIN)/pip install --quiet --requirement requirements-dev.txt
	touch $@ .venv/app

# The browser of the tests, fonts for the scripts it shows, and text recognition: installed only where missing.
SYSTEM := chromium fonts-noto-core fonts-noto-cjk tesseract-ocr tesseract-ocr-eng tesseract-ocr-kor \
	tesseract-ocr-rus tesseract-ocr-uzb tesseract-ocr-uzb-cyrl

.venv/system: .venv/bin/python Makefile
	dpkg -s $(SYSTEM) >/dev/null 2>&1 || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $(SYSTEM); }
	touch $@

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
