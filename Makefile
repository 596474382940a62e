# Nabolag: set-up, demo, tests. Prerequisites: Python 3.11 or newer, Node 20 or newer, make.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo
SERVE ?= 1
PORT ?= 8000
WORKERS ?= 2
UV := $(BIN)/uv
STATIC := src/nabolag/web/static/nabolag
CHROMIUM ?= /usr/bin/chromium

.DEFAULT_GOAL := help
.PHONY: help demo test check unit install install-dev frontend browser java constraints wheel clean docs-set bench-accumulation bench-disclosure bench-recode bench-indicators bench-analysis bench-detection bench-registers bench-synthetic bench-money

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 20

demo: install frontend ## Build the synthetic town and its neighbours, and open it in a browser (SERVE=0: build only)
	$(BIN)/nabolag demo $(DEMO) $(if $(filter 0,$(SERVE)),--no-serve,--serve --port $(PORT))

test: install-dev frontend browser java check unit ## Install everything the tests need, and run them

check: install-dev ## Style, types, layers, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry src

unit: install-dev ## Run the tests (what is not installed fails them)
	NABOLAG_TESTS_COMPLETE=1 $(BIN)/pytest -n $(WORKERS) --dist loadfile

install: $(VENV)/.nabolag ## Install Nabolag with its web application
install-dev: $(VENV)/.nabolag-dev ## Install Nabolag with everything its developers use

$(UV):
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Nabolag needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet uv

$(VENV)/.nabolag: $(UV) pyproject.toml constraints.txt
	$(UV) pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[web,spending]'
	touch $@

$(VENV)/.nabolag-dev: $(UV) pyproject.toml constraints.txt
	$(UV) pip install --quiet --python $(BIN)/python -c constraints.txt -e '.[dev]'
	touch $@ $(VENV)/.nabolag

frontend: $(STATIC)/.vite/manifest.json ## Build scripts, styles and fonts

FRONTEND_SOURCES := $(shell find frontend -type f -not -path '*/node_modules/*' 2>/dev/null)
$(STATIC)/.vite/manifest.json: $(FRONTEND_SOURCES)
	cd frontend && npm ci --no-progress --loglevel=error && npm run build
	touch $@

apt_install = as_root=$$(test "$$(id -u)" = 0 || echo sudo); \
  $$as_root apt-get update -qq && $$as_root apt-get install -y -qq --no-install-recommends $(1)

browser: ## Make sure there is a real browser for the tests
	@test -x $(CHROMIUM) || { $(call apt_install,chromium); }

java: ## Make sure there is a Java for the tests of Spark
	@command -v java >/dev/null || { $(call apt_install,default-jre-headless); }

constraints: $(UV) ## Write anew which versions are installed
	$(UV) pip compile --quiet --all-extras --no-emit-index-url --no-header --no-annotate \
	  --universal --python-version 3.11 pyproject.toml -o constraints.txt

docs-set: install-dev ## Write the manual of the standard set anew from the catalogue
	NABOLAG_LANG=nb $(BIN)/nabolag standard-set --format markdown --lang nb -o docs/standard-set.md

wheel: install-dev frontend ## Build a wheel that carries the front end
	$(UV) build --wheel --python $(BIN)/python

bench-accumulation: install-dev ## Measure accumulation for a whole country
	$(BIN)/python benchmarks/accumulation.py

bench-disclosure: install-dev ## Measure protecting and auditing a whole country's release
	$(BIN)/python benchmarks/disclosure.py

bench-recode: install-dev ## Measure recoding of twenty years of municipal figures
	$(BIN)/python benchmarks/recode.py

bench-synthetic: install-dev ## Measure writing a synthetic country (5.5 million persons, ten years)
	$(BIN)/python benchmarks/synthetic.py

bench-registers: install-dev ## Measure checking a year of a whole country's registers
	$(BIN)/python benchmarks/registers.py

bench-indicators: install-dev ## Measure counting indicators of a whole country from registers
	$(BIN)/python benchmarks/indicators.py

bench-analysis: install-dev ## Measure ranks, inequality and segregation for a whole country
	$(BIN)/python benchmarks/analysis.py

bench-money: install-dev ## Measure the rooms about money: speed, and whether intervals cover what is planted
	set -e; for one in benchmarks/money_*.py; do $(BIN)/python $$one; done

bench-detection: install-dev ## Measure whether planted exposed areas are found
	$(BIN)/python benchmarks/detection.py

clean: ## Remove what was built (not the virtual environment)
	rm -rf dist $(STATIC) demo .mypy_cache .ruff_cache .pytest_cache
