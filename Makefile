# Everything a newcomer needs: `make run` to see it work, `make test` to trust it. Both set up what they need.

PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test unit lint score picture system-packages lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

setup: .venv/run-ready ## the virtual environment, with .venv/bin/micic in it

.venv/run-ready: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "micic needs Python 3.11 or newer, this is %d.%d: say make PYTHON=python3.12" % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

.venv/test-ready: .venv/run-ready requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

run: setup ## a demo: a built-in post office, sample applications, the whole chain
	$(BIN)/micic demo

test: .venv/test-ready system-packages ## all tests, with real servers; two files at a time, each with its own
	$(BIN)/pytest -n 2 --dist loadfile

unit: .venv/test-ready ## the tests that need no server; seconds
	$(BIN)/pytest tests/unit

lint: .venv/test-ready ## style, types, and which room may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

score: .venv/test-ready system-packages ## how well the labelled corpus is read
	$(BIN)/python -m tests.corpus.score
	$(BIN)/python -m tests.corpus.score --cases tests/corpus/strangers

picture: .venv/test-ready system-packages ## docs/digest.png anew, from invented people
	$(BIN)/micic preview --template digest --case day --html .venv/digest.html >.venv/digest.txt
	chromium --headless --no-sandbox --hide-scrollbars --window-size=760,1090 --screenshot=docs/digest.png .venv/digest.html

system-packages: ## the servers and programs that the tests use
	@sh tests/system-packages.sh

lock: ## pin the newest packages that pyproject.toml allows (needs uv)
	uv pip compile --quiet --no-header --universal --generate-hashes --upgrade -p 3.11 pyproject.toml -o requirements.lock
	uv pip compile --quiet --no-header --universal --generate-hashes --upgrade -p 3.11 --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

clean: ## remove the environment and all caches; the data under var/ stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
