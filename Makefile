# Structra. `make help` lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK_OPTIONS := --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-header

.PHONY: help setup run demo test check gen lock bench bench-fidelity soak drill tools format clean

help: ## List the commands
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  \033[1m%-16s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Install everything into .venv, by hash

# uv installs the same files as pip in a fraction of the time; where there is none, pip fetches it.
$(STAMP): requirements.lock requirements.bootstrap.lock pyproject.toml
	@echo "Installing into $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@uv=$$(command -v uv) || { \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.bootstrap.lock; \
	  uv=$(BIN)/uv; \
	}; \
	export VIRTUAL_ENV=$(CURDIR)/$(VENV); \
	"$$uv" pip install --quiet --require-hashes -r requirements.lock; \
	"$$uv" pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: setup ## Start the whole service on this machine and keep it up
	@exec $(BIN)/structra up

demo: setup ## Analyse a sample screenshot through every part, print the outcome, and exit
	@exec $(BIN)/structra up --demo

test: setup ## Run the tests
	@$(BIN)/pytest -q -n $${PYTEST_WORKERS:-2} --dist loadgroup

check: setup ## Lint, types, import rules, contract, drift of generated code, Envoy's own validation
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy engine stores runtime server workers structra_client deploy benchmarks
	@cd proto && ../$(BIN)/mypy generate.py openapi.py check.py
	@$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports
	@$(BIN)/python proto/check.py
	@$(BIN)/python -m deploy.gateway validate
	@$(BIN)/shellcheck .ci/run

gen: setup ## Generate gen/ from proto/
	@$(BIN)/python proto/generate.py

lock: ## Resolve dependencies anew, by hash and without addresses
	@uv pip compile pyproject.toml --extra embedded --extra verify --extra dev $(LOCK_OPTIONS) -o requirements.lock
	@uv pip compile pyproject.toml -c requirements.lock $(LOCK_OPTIONS) -o requirements.runtime.lock
	@echo uv | uv pip compile - $(LOCK_OPTIONS) -o requirements.bootstrap.lock
	@uv pip compile deploy/images/backup.in -c requirements.lock $(LOCK_OPTIONS) -o deploy/images/backup.lock
	@uv pip compile deploy/images/verify.in -c requirements.lock $(LOCK_OPTIONS) -o deploy/images/verify.lock

bench: setup ## Measure speed against the limits, in one run; writes build/bench.json
	@$(BIN)/python -m benchmarks

bench-fidelity: setup ## Measure fidelity on real pages (PAGES=dir); writes build/fidelity.json and .html
	@$(BIN)/python -m benchmarks.fidelity $(if $(PAGES),--pages $(PAGES))

soak: setup ## Submit 1,000 analyses while workers are killed; count results
	@$(BIN)/python -m benchmarks.soak

drill: setup ## Restore a database of 20,000 analyses; restart everything, change every secret, fail over, all under load
	@$(BIN)/python -m benchmarks.backup_drill
	@$(BIN)/python -m benchmarks.rolling_restart
	@$(BIN)/python -m benchmarks.secret_rotation
	@$(BIN)/python -m benchmarks.failover_drill

tools: ## Install the frontend tools that check generated code (needs npm)
	@# `npm ci` would insist on the builds of every other platform, which mirrors may lack.
	@cd tests/tools && npm install --no-save --ignore-scripts --no-audit --no-fund
	@cd tests/tools/tailwind3 && npm install --no-save --ignore-scripts --no-audit --no-fund

format: setup ## Format the Python code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

clean: ## Delete what was built, and the embedded stack's state
	@rm -rf build dist .state .pytest_cache .mypy_cache .ruff_cache
