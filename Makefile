# Everything a developer runs. Only make and Python 3.11 or newer are needed; `make help` lists the targets.

VENV  := .venv
BIN   := $(VENV)/bin
PIP   := $(BIN)/python -m pip --quiet --disable-pip-version-check
# What an installation depends on: a change here installs again.
SETUP := pyproject.toml
WORKERS ?= 2

# Pictures are drawn without a screen; two test processes share the cores instead of fighting for them.
export MPLBACKEND := Agg

.DEFAULT_GOAL := help
.PHONY: help demo test check format bench docs studio studio-test clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.core  ## solve a real module and write its report
	$(BIN)/ioffe run examples/mgagsb-module.toml --out build/demo
	@test -s build/demo/report.html
	@echo
	@echo "The report: $(CURDIR)/build/demo/report.html"

# Bytecode and kernels are kept: without them both workers and every command that a test starts make them anew.
test: $(VENV)/.test  ## run every test and every docstring example
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m ioffe warm-up
	PYTHONDONTWRITEBYTECODE= OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS)

check: $(VENV)/.check  ## style, format, types, direction and cycles of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pyright
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/python tools/check_imports.py

format: $(VENV)/.check  ## put the code into the common format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.bench  ## time and error against other tools, in one run on one thread (ARGS="--compare --save")
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m benchmarks $(ARGS)

docs: $(VENV)/.docs  ## build the documentation as a web site
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs build/docs
	@echo "The documentation: $(CURDIR)/build/docs/index.html"

studio: $(VENV)/.studio  ## install the studio, the whole tool in a browser page
	@echo "The studio is installed. It opens with: $(BIN)/ioffe studio"

studio-test: $(VENV)/.studio-test  ## types of the studio, and its tests in a browser (chromium)
	$(BIN)/python -m pyright studio/src
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest -c studio/pyproject.toml studio/tests -n $(WORKERS)

clean:  ## remove everything that was made, .venv included
	rm -rf $(VENV) build dist studio/dist studio/src/ioffe_studio/static docs/glossary.md docs/made docs/reference .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The first Python of this list that is new enough; PYTHON=/path/to/python puts another one in front.
$(BIN)/python:
	@for python in $(PYTHON) python3.11 python3 python3.12 python3.13 python3.14 python; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "Making $(VENV) with $$("$$python" --version) ..."; \
	    "$$python" -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    echo "$$python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "ioffe needs Python 3.11 or newer, and none was found on the PATH." >&2; \
	echo "Name one yourself: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; \
	exit 1

# The page is built by Node from PyPI when one of its sources has changed.
STUDIO := studio/pyproject.toml studio/build_page.py $(shell find studio/page -type f -not -path '*/node_modules/*')

STUDIO_EXTRAS := [test,check]

$(VENV)/.studio $(VENV)/.studio-test: $(SETUP) $(STUDIO) | $(BIN)/python
	@echo "Installing the studio ..."
	$(PIP) install --editable . --editable 'studio$(if $(findstring test,$@),$(STUDIO_EXTRAS))'
	@touch $@

# One empty file per set of extras says that it is installed, so that the second call starts at once.
$(VENV)/.core: $(SETUP) | $(BIN)/python
	@echo "Installing ioffe ..."
	$(PIP) install --editable .
	@touch $@

$(VENV)/.test $(VENV)/.check $(VENV)/.bench $(VENV)/.docs: $(VENV)/.%: $(SETUP) | $(BIN)/python
	@echo "Installing ioffe with what 'make $*' needs ..."
	$(PIP) install --editable '.[$*]'
	@touch $@
