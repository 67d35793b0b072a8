# The commands of a working day. `make help` lists them.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOURCES := connectors register expectations warehouse demo dags tests bench
.DEFAULT_GOAL := help
export UV_PYTHON_DOWNLOADS := never
export GX_ANALYTICS_ENABLED := false
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DO_NOT_TRACK := 1

.PHONY: help demo test torture up down psql check fix lock bench docs clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-7s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.installed: requirements/uv.txt requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || \
		{ echo "Python 3.11, 3.12 or 3.13 is needed as $(PYTHON): install it or call make PYTHON=/path/to/python3.12."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo "$(PYTHON) has no venv module: install it (on Debian: apt-get install python3-venv)."; exit 1; }
	@command -v git >/dev/null || { echo "git is needed: install it."; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(VENV)/.installed ## run the whole chain on three fictional municipalities and show the key figures
	$(BIN)/python -m demo.run

test: $(VENV)/.installed ## run all tests
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

torture: $(VENV)/.installed ## kill -9 at random moments; N= for another number than 200, SEED= for the first seed
	$(BIN)/python -m tests.torture

up: $(VENV)/.installed ## the demo, left running with the Airflow page
	$(BIN)/python -m demo.run --keep

down: $(VENV)/.installed ## stop what `make up` left running
	$(BIN)/python -m demo.run --stop

psql: $(VENV)/.installed ## an SQL prompt on the demo's warehouse, as an analyst
	EJENDOMSTAL_HOME=$${EJENDOMSTAL_HOME:-var/demo} $(BIN)/ejendomstal psql

check: $(VENV)/.installed ## lint and types; changes no file
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project/models dbt_project/tests
	$(BIN)/mypy

fix: $(VENV)/.installed ## let the linters repair what they can
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/sqlfluff fix --disable-progress-bar dbt_project/models dbt_project/tests

lock: $(VENV)/.installed ## renew requirements/*.txt from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --upgrade \
		--no-emit-index-url pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url \
		--extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url \
		requirements/uv.in -o requirements/uv.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-header --no-emit-index-url \
		--extra celery -c requirements/runtime.txt pyproject.toml -o requirements/celery.txt

bench: $(VENV)/.installed ## measure; ONLY=name for one, FULL=1 for the stated size
	$(BIN)/python -m bench $(ONLY)

docs: $(VENV)/.installed ## write site/: register, data dictionary and models
	$(BIN)/ejendomstal docs --target site

clean: ## remove what was made: environment, caches, site (not var/, which holds data)
	rm -rf $(VENV) site build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
