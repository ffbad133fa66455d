# LiGAN. `make run` starts the site, `make check` is the gate, `make test` checks everything; each prepares what it lacks.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= $(shell command -v python3.11 || command -v python3)
HOST ?= 127.0.0.1
PORT ?= 8000
# Most of a test's time is one thread's, tracing; each process takes about 2 GB.
TEST_PROCESSES ?= 2

BIN := .venv/bin
RUN_STAMP := .venv/run.stamp
PIPELINE_STAMP := .venv/pipeline.stamp
TEST_STAMP := .venv/test.stamp
BENCH_STAMP := .venv/bench.stamp
BROWSER_STAMP := .venv/browser.stamp
STATIC_STAMP := build/static.stamp
NODE_STAMP := lineups/workbench/node_modules/.package-lock.json
WORKBENCH := lineups/static/workbench/workbench.js
WORKBENCH_SOURCES := $(shell find lineups/workbench/src -type f 2>/dev/null) \
	$(wildcard lineups/workbench/*.json lineups/workbench/*.ts)
STATIC_SOURCES := $(shell find ligan_site/static accounts/static lineups/static -type f 2>/dev/null)
PYTEST := $(BIN)/python -m pytest
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
PIP_INSTALL := $(PIP) --require-hashes --no-deps
PIP_COMPILE := $(BIN)/pip-compile -q --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	--allow-unsafe

.PHONY: help run check test bench lint lock setup pipeline clean

help: ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 10

run: setup ## start the site (HOST=…, PORT=… where 127.0.0.1:8000 does not suit)
	@$(BIN)/python manage.py migrate --verbosity 0
	@$(BIN)/python manage.py demo_accounts
	@exec $(BIN)/python manage.py up --host $(HOST) --port $(PORT)

check: lint $(NODE_STAMP) ## the gate, at most five minutes: lint, the workbench, the fast tests
	.ci/npm run check
	.ci/npm run lint
	.ci/npm test
	$(PYTEST) -m fast --numprocesses $(TEST_PROCESSES) --dist loadfile

test: setup check $(BROWSER_STAMP) ## check everything: the gate, then every other test
	$(PYTEST) -m "not fast and not benchmark" --ignore tests/e2e --numprocesses $(TEST_PROCESSES) --dist loadfile
	$(PYTEST) -m "not benchmark" tests/e2e

bench: setup $(BENCH_STAMP) $(BROWSER_STAMP) ## measure the promised figures, into build/benchmarks.jsonl
	$(PYTEST) tests/benchmarks -m benchmark -s

lint: $(TEST_STAMP) ## style, types, import rules, migrations
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

lock: $(TEST_STAMP) ## pin every dependency with its hashes, from requirements/*.in
	for name in site worker refine pipeline test node; do \
		$(PIP_COMPILE) --generate-hashes --output-file requirements/$$name.txt requirements/$$name.in; \
	done
	$(PIP_COMPILE) --output-file requirements/bench.txt requirements/bench.in
	sed -i '/^torch==/s/+cpu$$//' requirements/bench.txt

setup: $(RUN_STAMP) $(STATIC_STAMP)

pipeline: $(PIPELINE_STAMP) ## install what `python -m pipeline` needs: data sets, training, evaluation

clean: ## remove what was built; the data folder stays
	rm -rf .venv build lineups/static/workbench lineups/workbench/node_modules

.venv/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "LiGAN needs Python 3.11: say where it is with make PYTHON=/path/to/python3.11 …" >&2; exit 2; }
	$(PYTHON) -m venv .venv

# One machine is the site and a worker; what a worker needs contains what the site needs.
$(RUN_STAMP): requirements/refine.txt | .venv/pyvenv.cfg
	$(PIP_INSTALL) -r requirements/refine.txt
	@touch $@

$(PIPELINE_STAMP): requirements/pipeline.txt | .venv/pyvenv.cfg
	$(PIP_INSTALL) -r requirements/pipeline.txt
	@touch $@

$(TEST_STAMP): requirements/test.txt $(RUN_STAMP)
	$(PIP_INSTALL) -r requirements/test.txt
	@touch $@

# PyTorch, to measure beside it. Without hashes and with whatever it asks for: which build an index has differs. From
# PyPI it comes with its libraries for GPUs, several GB; an index of builds for CPUs alone has it in 200 MB.
$(BENCH_STAMP): requirements/bench.txt $(TEST_STAMP)
	$(PIP) -r requirements/bench.txt
	@touch $@

$(NODE_STAMP): lineups/workbench/package-lock.json requirements/node.txt | .venv/pyvenv.cfg
	.ci/npm ci
	@touch $@

$(WORKBENCH): $(WORKBENCH_SOURCES) $(NODE_STAMP)
	.ci/npm run build
	@touch $@

$(STATIC_STAMP): $(WORKBENCH) $(STATIC_SOURCES) $(RUN_STAMP)
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@touch $@

$(BROWSER_STAMP): $(TEST_STAMP)
	.ci/browser
	@touch $@
