# One command for each thing one does here. `make` alone lists them.
PYTHON ?= python3
PY := .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help run test check words lock venv venv-run assets bench soak clean

help:
	@echo "make run     start Yizhi on http://127.0.0.1:8000 (YIZHI_PORT=… for another port)"
	@echo "make test    every test"
	@echo "make check   lint, types, layers, migrations, words"
	@echo "make bench   measure; make soak: the long tests"
	@echo "make words   bring the .po files up to date; make lock: choose newer versions"

venv:
	@tools/venv dev

venv-run:
	@tools/venv run
