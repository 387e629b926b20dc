# make demo   the demo account in the terminal UI      make test    every test
# make check  linters and types                         make bench   timings, as ratios
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench clean

demo: $(READY)
	$(BIN)/rolescope --demo

test: $(READY)
	$(BIN)/python -m pytest -n auto --dist worksteal tests --ignore tests/bench

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(READY)
	$(BIN)/python -m pytest -s tests/bench

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q tui screens diagnostics iam
	touch $(READY)

clean:
	rm -rf $(VENV)
