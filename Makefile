# `make run` serves Senne, `make test` tests it. Everything they need goes into .venv; a step is redone only when
# what it depends on has changed. Options for the tools: make test ARGS="-k widget".
SHELL := bash
.DEFAULT_GOAL := help
.NOTPARALLEL: # packages first, then what they compile
.PHONY: help run test check check-long bench lock install dev clean

BIN := .venv/bin
ARGS ?=
ready := .venv/.ready
sources := $(wildcard web/translations/*/LC_MESSAGES/messages.po)
compiled := $(sources:.po=.mo)

# Search by meaning needs a processor with AVX2; everything else runs anywhere.
machine := $(shell uname -m)
avx2 := $(shell grep -qw avx2 /proc/cpuinfo 2>/dev/null && echo yes)
lock := requirements/$(if $(and $(filter x86_64,$(machine)),$(avx2)),vectors,runtime).txt

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1\t/' | expand -t 20

run: $(ready)/runtime $(compiled) ## the site with the real catalogue; prints the address
	@exec tools/run.sh

test: $(ready)/dev $(compiled) ## all tests but the long ones; installs Chromium and PostgreSQL where it may
	@tools/test_programs.sh
	@exec $(BIN)/python -m pytest $(ARGS)

check: $(ready)/dev ## lint, format, types, who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check-long: $(ready)/dev $(compiled) ## the tests with the full figures, then the benches: long
	@tools/test_programs.sh
	$(BIN)/python -m pytest -m long --timeout 3600 $(ARGS)
	$(MAKE) bench

bench: $(ready)/dev $(compiled) ## measures, next to what it is compared with
	$(BIN)/python -m bench $(ARGS)

lock: $(ready)/bootstrap ## rewrites requirements/ from pyproject.toml; ARGS=--upgrade for newer versions
	@tools/lock.sh $(ARGS)

install: $(ready)/runtime $(compiled) ## only installs what running needs

dev: $(ready)/dev $(compiled) ## only installs what development needs

clean: ## removes what was built and installed; keeps var/, your catalogue
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find directory search crawler web tests -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -f $(compiled)

$(ready)/bootstrap: requirements/bootstrap.txt tools/python.sh
	@tools/python.sh bootstrap
	@mkdir -p $(@D) && touch $@

$(ready)/runtime: $(ready)/bootstrap $(lock) pyproject.toml
ifeq ($(lock),requirements/runtime.txt)
	@echo "Search by meaning is left out: it needs an x86-64 processor with AVX2. Everything else is there." >&2
endif
	@tools/python.sh install $(lock)
	@touch $@

$(ready)/dev: $(ready)/bootstrap requirements/dev.txt pyproject.toml
	@tools/python.sh install requirements/dev.txt
	@touch $@

%.mo: %.po
	@$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
