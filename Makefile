# Everything that a fresh machine with Python 3.11 and make needs. `make help` lists the targets.
#
# Each step of the set-up leaves a stamp in .venv, so that what is there already is not made again:
# the second `make run` asks no registry and starts at once.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
WEB := src/eosvolt/adapters/http/web
DIST := $(WEB)/static/dist
DEMO ?= 1

# The newest Python that has wheels for everything in the lock files; override with `make PYTHON=...`.
PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	"$$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& echo "$$python" && break; done)

# The machine's own certificates: where a proxy or a mirror stands in between, only the machine knows it.
export NODE_EXTRA_CA_CERTS ?= $(firstword $(wildcard \
	/etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem))
# Tests start hundreds of processes; without cached bytecode each of them compiles every module again.
unexport PYTHONDONTWRITEBYTECODE
UV := $(BIN)/uv --system-certs
UV_INSTALL := VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-progress --link-mode=copy
PYTEST := $(BIN)/pytest
# One more than there are cores: many tests wait for somebody else's time-out.
WORKERS = $${EOSVOLT_TEST_WORKERS:-$$(( $$(nproc 2>/dev/null || echo 1) + 1 ))}

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

.PHONY: run
run: $(STAMP)-base assets ## set up what is missing and start the demo; DEMO=0 starts an empty system
	@EOSVOLT_OCPP_SHORT_ADDRESSES=$${EOSVOLT_OCPP_SHORT_ADDRESSES:-true} exec $(BIN)/eosvolt $(if $(filter 0,$(DEMO)),serve,demo)

.PHONY: test
test: $(STAMP)-dev assets browser ## set up what is missing and run all tests
	@$(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: test-fast
test-fast: $(STAMP)-dev assets ## run in a minute what to run on every save: rules, properties with few examples, architecture
	@HYPOTHESIS_PROFILE=fast $(PYTEST) -q -n $(WORKERS) --dist worksteal -m "not slow" \
		tests/architecture tests/properties tests/unit $(ARGS)

.PHONY: test-dates
test-dates: $(STAMP)-dev assets browser faketime ## run the tests as if it were other days: clock changes, leap day, new year
	@$(BIN)/python -m tests.other_days -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

.PHONY: lint
lint: $(STAMP)-dev ## style, types, templates and the rules of who may import whom
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/djlint --lint --quiet $(WEB)

.PHONY: format
format: $(STAMP)-dev ## let ruff lay out the code and mend what it can
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

.PHONY: texts
texts: $(STAMP)-dev ## bring the catalogues of texts up to date; says how many have no translation
	@$(BIN)/python -m tests.texts

.PHONY: pictures
pictures: $(STAMP)-dev assets browser ## pictures of every page of the demo in light, dark, on a phone and in German; INTO=test-results/pictures
	@$(BIN)/python -m tests.pictures --into "$${INTO:-test-results/pictures}"

.PHONY: guide-pictures
guide-pictures: $(STAMP)-dev assets browser ## take the pictures of README and guides anew; look at them before you commit them
	@$(BIN)/python -m tests.guide_pictures

.PHONY: bench
bench: $(STAMP)-dev assets ## run every benchmark; prints figures beside the raw limits of this machine
	@for file in tests/benchmarks/*.py; do \
		name=$$(basename "$$file" .py); \
		grep -q '__main__' "$$file" || continue; \
		echo "== $$name"; $(BIN)/python -m tests.benchmarks.$$name; \
	done

.PHONY: fuzz
fuzz: $(STAMP)-fuzz ## fuzz what chargers may send, guided by coverage; FRAMES=1000000 DEPTH=conversation SEED=1 INTO=fuzzing
	@$(BIN)/python -m tests.fuzz.campaign $${INTO:-fuzzing}/$${DEPTH:-conversation} --depth $${DEPTH:-conversation} \
		--frames $${FRAMES:-1000000} --seed $${SEED:-1}

# Each run begins anew: tests that were changed since would not be counted otherwise.
.PHONY: mutants
mutants: $(STAMP)-mutants ## change tariffs and sessions in small ways, and list the changes that no test notices; ONLY="eosvolt.domain.tariffs.*"
	@rm -rf mutants
	@set -f; HYPOTHESIS_PROFILE=fast $(BIN)/mutmut run --max-children $(WORKERS) $(ONLY)
	@$(BIN)/mutmut results

.PHONY: coverage
coverage: $(STAMP)-dev assets browser ## run all tests and say which branches no test takes
	@$(PYTEST) -n $(WORKERS) --dist loadfile --no-loadscope-reorder --cov --cov-report=term-missing:skip-covered $(ARGS)

.PHONY: setup
setup: $(STAMP)-dev assets ## install everything for development, start nothing

.PHONY: lock
lock: $(STAMP)-build ## choose versions anew within pyproject.toml's bounds; UPGRADE=1 takes the newest
	@compile() { $(UV) pip compile --quiet --generate-hashes --no-emit-index-url --no-header --universal \
		--python-version 3.11 $(if $(UPGRADE),--upgrade) "$$@"; }; \
	compile pyproject.toml --extra embedded -o requirements/base.txt; \
	compile pyproject.toml --extra embedded --group dev -c requirements/base.txt -o requirements/dev.txt; \
	compile --group build -c requirements/dev.txt -o requirements/build.txt; \
	compile --group node -o requirements/node.txt; \
	compile --group fuzz -o requirements/fuzz.txt; \
	compile --group mutants -c requirements/dev.txt -o requirements/mutants.txt

.PHONY: clean
clean: ## remove what the set-up made; the data in .eosvolt stays
	@rm -rf $(VENV) ui/node_modules $(DIST) dist build test-results htmlcov mutants .coverage* .hypothesis .schemathesis \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the set-up --------------------------------------------------------------------------------

$(STAMP)-build: requirements/build.txt
	@test -n "$(PYTHON)" || { echo "EOSVOLT needs Python 3.11, 3.12 or 3.13 on the PATH." >&2; exit 1; }
	@echo "Creating $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { echo "The Python module venv is missing (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	@touch $@

$(STAMP)-base: requirements/base.txt pyproject.toml | $(STAMP)-build
	@echo "Installing EOSVOLT"
	@$(UV_INSTALL) --require-hashes -r requirements/base.txt
	@$(UV_INSTALL) --no-build-isolation --no-deps --editable .
	@touch $@

$(STAMP)-dev: requirements/dev.txt $(STAMP)-base
	@echo "Installing what tests and checks need"
	@$(UV_INSTALL) --require-hashes -r requirements/dev.txt
	@touch $@

$(STAMP)-fuzz: requirements/fuzz.txt $(STAMP)-dev
	@$(UV_INSTALL) --require-hashes -r requirements/fuzz.txt
	@touch $@

$(STAMP)-mutants: requirements/mutants.txt $(STAMP)-dev
	@$(UV_INSTALL) --require-hashes -r requirements/mutants.txt
	@touch $@

# Node bundles the web assets: the machine's own from version 20 on, else the one that comes as a wheel.
NODE_OK = command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null

$(STAMP)-node: requirements/node.txt | $(STAMP)-build
	@if ! { $(NODE_OK); }; then \
		echo "Installing Node into $(VENV)"; \
		$(UV_INSTALL) --require-hashes -r requirements/node.txt; \
	fi
	@touch $@

ui/node_modules/.stamp: ui/package.json ui/package-lock.json | $(STAMP)-node
	@echo "Installing the parts of the web pages"
	@cd ui && PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --no-update-notifier --loglevel=error
	@touch $@

# Templates and the code of pages say which rules of the stylesheet are used.
UI_SOURCES = $(shell find ui/src ui/icons.txt ui/build.mjs ui/vendor.css ui/vendor.js -type f 2>/dev/null) \
	$(shell find $(WEB) -path $(DIST) -prune -o -type f \( -name "*.html" -o -name "*.py" \) -print)

.PHONY: assets
assets: $(DIST)/manifest.json ## bundle the scripts, styles, fonts and icons of the web pages

$(DIST)/manifest.json: ui/node_modules/.stamp $(UI_SOURCES)
	@echo "Bundling the web assets"
	@cd ui && PATH="$(CURDIR)/$(BIN):$$PATH" node build.mjs

# Browser tests drive a Chromium of the machine; root on Debian gets it installed.
# The headless shell draws the same pages as Chromium with a fifth less work.
BROWSERS := chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable
FIND_BROWSER = { test -n "$${EOSVOLT_TEST_BROWSER:-}" || for name in $(BROWSERS); do command -v "$$name" && break; done | grep -q .; }

.PHONY: browser
browser:
	@if ! $(FIND_BROWSER); then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing Chromium for the browser tests"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null; \
		else \
			echo "The browser tests need Chromium or Chrome on the PATH, or its path in EOSVOLT_TEST_BROWSER" >&2; \
			echo "(on Debian: sudo apt install chromium-headless-shell)." >&2; \
			exit 1; \
		fi; \
	fi

# Other days are made by Debian's faketime; root on Debian gets it installed.
.PHONY: faketime
faketime:
	@if ! command -v faketime >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			echo "Installing faketime for the tests on other days"; \
			apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends faketime >/dev/null; \
		else \
			echo "The tests on other days need faketime on the PATH (on Debian: sudo apt install faketime)." >&2; \
			exit 1; \
		fi; \
	fi
