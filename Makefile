# One command for each thing one does here; `make` alone lists them.
# PYTHON=… chooses the Python that .venv is made from, YIZHI_PORT=… another port (see src/yizhi/site/settings.py).
PYTHON ?= python3
export PYTHON
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run venv assets test browser check lint types layers house migrations words-complete words bench soak lock clean

help:
	@echo "make run     start Yizhi; it says where"
	@echo "make test    every test (ARGS=… goes to pytest)"
	@echo "make check   style, types, layers, house rules, migrations, words"
	@echo "make bench   measure               make soak   the long tests"
	@echo "make words   update the .po files  make lock   choose newer versions of what is used"
	@echo "make clean   remove what can be made again; data in .yizhi stays"

run:
	@tools/venv run
	@$(PY) -m tools.assets
	@exec $(PY) -m yizhi serve

venv:
	@tools/venv dev
	@$(PY) -m tools.words compile

assets: venv
	@$(PY) -m tools.assets

# Root may install Chromium and a Chinese font; anybody else is told what is missing.
browser: venv
	@tools/browser

test: assets browser
	@$(PY) -m pytest -n 2 --dist loadscope -m "not soak" $(ARGS)

check: lint types layers house migrations words-complete

lint: venv
	@$(PY) -m ruff check --quiet .
	@$(PY) -m ruff format --quiet --check .

types: venv
	@$(PY) -m mypy

layers: venv
	@.venv/bin/lint-imports --no-logo

house: venv
	@$(PY) -m pytest -q tests/house

migrations: venv
	@$(PY) -m yizhi django makemigrations --check --dry-run

words-complete: venv
	@$(PY) -m tools.words missing

words: venv
	@$(PY) -m tools.words update
	@$(PY) -m tools.words compile

bench: assets
	@$(PY) -m bench $(ARGS)

soak: assets browser
	@$(PY) -m pytest -m soak $(ARGS)

lock: venv
	@tools/lock
	@tools/venv dev

clean:
	rm -rf .venv .yizhi-test node_modules frontend/dist frontend/dist.making .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .grimp_cache .hypothesis
