# Everything runs in a virtual environment of its own, made from the lock files.
# Needs Python 3.11 or newer and make; `make run PYTHON=python3.12` names another Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RAW ?= raw
OUT ?= outputs

.DEFAULT_GOAL := help
.PHONY: help run test lint bench gallery lock clean

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
	  || sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1  \2/p' $(MAKEFILE_LIST)

run: $(VENV)/.run ## Run the pipeline on raw/ and write outputs/ (RAW=folder OUT=folder for others)
	$(BIN)/nordtema run "$(RAW)" --out "$(OUT)"

test: lint ## Check style and types, run the tests and the notebooks
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev ## Check style, types, and the packages for known vulnerabilities
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python .ci/audit.py

bench: $(VENV)/.dev ## Measure quality and speed (needs the public data: DATA=folder)
	$(BIN)/python -m benchmarks $(if $(DATA),--data "$(DATA)")

gallery: $(VENV)/.dev ## Make the pictures of the README again, from a run of the sample texts
	$(BIN)/python docs/gallery.py

lock: $(VENV)/.dev ## Choose newer versions of all packages and write the lock files
	$(BIN)/python -m pip install --quiet uv
	for set in "requirements-build.in -o requirements-build.lock" \
	           "pyproject.toml -c requirements-limits.in -o requirements.lock" \
	           "pyproject.toml --extra dev -c requirements.lock -o requirements-dev.lock"; do \
	  $(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade \
	    --no-emit-index-url --custom-compile-command "make lock" --quiet $$set || exit 1; \
	done

clean: ## Remove the virtual environment and everything generated
	rm -rf $(VENV) outputs/work outputs/report .pytest_cache .mypy_cache .ruff_cache .hypothesis

# A stamp is written when a set of packages is in place, so that a broken set-up starts again.
$(VENV)/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "nordtema needs Python 3.11 or newer; name one with: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "This Python can't make virtual environments; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@touch $@

$(VENV)/.build: requirements-build.lock $(VENV)/.python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-build.lock
	@touch $@

$(VENV)/.run: requirements.lock pyproject.toml $(VENV)/.build
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@$(BIN)/python -m compileall -q pipeline # where PYTHONDONTWRITEBYTECODE is set, each process would
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation -r requirements-dev.lock
	@touch $@
