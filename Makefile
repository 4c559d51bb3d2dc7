# Every recipe prepares what it needs. Start with: make demo
.PHONY: setup demo serve test lint bench docs vendor lock

python := .venv/bin/python
# Where make serve listens: make serve PORT=8137
PORT ?= 8000

setup:
	@tools/setup

demo: setup
	@$(python) -u manage.py demo

serve: setup
	@$(python) manage.py migrate --verbosity 0
	@$(python) manage.py runserver $(PORT)

test: setup
	@tools/test

lint: setup
	@$(python) -m ruff format --check --quiet .
	@$(python) -m ruff check --quiet .
	@$(python) -m mypy
	@.venv/bin/lint-imports --no-logo

bench: setup
	@$(python) -m benchmarks

# Write the pages that are made from the code.
docs: setup
	@$(python) -m docs.generate

# Fetch what pages and tests take from npm; needs npm.
vendor:
	@tools/vendor

# Write the lock files anew from pyproject.toml.
lock: setup
	@tools/lock
