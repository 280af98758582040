# Two commands are all a fresh machine needs: `make run` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Memory that is free goes back to the system: glibc and Arrow would keep a hundred megabytes of it.
export MALLOC_ARENA_MAX := 2
export MALLOC_TRIM_THRESHOLD_ := 1000000
export ARROW_DEFAULT_MEMORY_POOL := system

.DEFAULT_GOAL := help
# Every target that says what it does is a command, not a file.
.PHONY: $(shell sed -n 's/^\([a-z-]*\):.*\#\#.*/\1/p' $(MAKEFILE_LIST))

help:  ## say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

$(VENV)/.run: requirements.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

$(VENV)/.bench: requirements-bench.txt $(VENV)/.dev
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-bench.txt
	@touch $@

$(VENV)/.docs: requirements-docs.txt $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-docs.txt
	@touch $@

run: $(VENV)/.run  ## open the app in the browser, on the embedded sample
	$(BIN)/jangkau serve

# The scripts of the page are checked where node is; the app itself needs none.
node_modules/.installed: package.json package-lock.json
	npm ci --silent
	@touch $@

.PHONY: test-scripts lint-scripts
ifeq (,$(shell command -v npm 2>/dev/null))
test-scripts lint-scripts:
	@echo "npm is not installed (Debian: nodejs npm): the scripts of the page are not checked."
else
test-scripts: node_modules/.installed
	npm test --silent
lint-scripts: node_modules/.installed
	npm run lint --silent
endif

# Two workers, a file of tests in one of them: what a file shares is made once. The order is that of
# tests/conftest.py, the longest files first, and not of the number of tests.
WORKERS ?= 2
PYTEST := $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder
test: $(VENV)/.dev test-scripts  ## every test, unit to browser
	$(PYTEST)

test-fast: $(VENV)/.dev test-scripts  ## the tests without browser, engines and processes, in a minute
	$(PYTEST) -m "not browser and not slow"

lint: $(VENV)/.dev lint-scripts  ## style, types, directions of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

sample: $(VENV)/.run  ## write data/enrolment again, byte for byte
	$(BIN)/python -m geo sample --out data/enrolment

SIZES ?= 103,1571,8494,83246
bench: $(VENV)/.bench  ## ours beside its peers, into docs/benchmarks.md (SIZES=103,1571 for a part)
	$(BIN)/python -m bench.compare --sizes $(SIZES)

bench-match: $(VENV)/.dev  ## measure name matching on the lists of 2016 and 2025
	$(BIN)/python -m bench.match

bench-reconcile: $(VENV)/.dev  ## match 200,000 candidates to 50,000 enrolled; say precision, recall, seconds
	$(BIN)/python -m bench.reconcile

bench-points: $(VENV)/.dev  ## join ten million points to villages; say seconds and megabytes
	$(BIN)/python -m bench.points

docs: $(VENV)/.docs  ## write the generated reference pages and build the documentation into site/
	$(BIN)/python docs/generate_reference.py
	$(BIN)/mkdocs build --strict --quiet

screenshots: $(VENV)/.dev  ## take the pictures of README and the Indonesian guide again
	$(BIN)/python docs/take_screenshots.py

bench-import: $(VENV)/.run  ## read and count a million workers; say seconds and peak memory
	$(BIN)/python -m bench.import_records

bench-count: $(VENV)/.dev  ## count 42 million records with DuckDB and Polars; say seconds and peak memory
	$(BIN)/python -m bench.count_records

bench-filter: $(VENV)/.run  ## measure one change of a filter, up to the size of the country
	$(BIN)/python -m bench.filter_change

bench-prepare: $(VENV)/.run  ## prepare all of Indonesia; say seconds, peak memory and bytes
	$(BIN)/python -m bench.prepare

bench-start: $(VENV)/.run  ## start the app on all of Indonesia; say seconds and peak memory
	$(BIN)/python -m bench.start

bench-walk: $(VENV)/.dev  ## walk from Indonesia down to a village in a browser; say seconds of each step
	$(BIN)/python -m bench.walk

bench-zoom: $(VENV)/.dev  ## zoom by the wheel in a browser; say milliseconds to the scaled and the final picture
	$(BIN)/python -m bench.zoom

bench-beside: $(VENV)/.dev  ## measure what others wait for while one visitor imports 100 MB
	$(BIN)/python -m bench.beside_import

bench-hostile: $(VENV)/.dev  ## upload hostile files in a browser; say whether others are answered
	$(BIN)/python -m bench.hostile_uploads

bench-load: $(VENV)/.bench  ## let fifty visitors change something every ten seconds; say what they wait
	$(BIN)/python -m bench.load

bench-first-visit: $(VENV)/.bench  ## measure a first visit beside a bare page with one map
	$(BIN)/python -m bench.first_visit

bench-api: $(VENV)/.dev  ## ask the live layers for features; say requests a second beside the health route
	$(BIN)/python -m bench.api

bench-atlas: $(VENV)/.run  ## set atlas, briefings and map; say processor seconds and bytes
	$(BIN)/python -m bench.atlas

bench-plan: $(VENV)/.dev  ## choose villages: against trying everything, and processor seconds
	$(BIN)/python -m bench.plan

worklists: $(VENV)/.dev  ## take 1,000 mangled worklists back; every row must be accounted for
	MANGLED_WORKLISTS=1000 $(BIN)/pytest -q -k mangled tests/geo/outreach/test_worklist.py

check-gis: $(VENV)/.dev  ## open our files in QGIS 3.22 (Debian's python3-qgis, qgis-providers) and look at them
	$(BIN)/python -m tests.clients.check_gis

KILLS ?= 200
kill-saves: $(VENV)/.run  ## kill saves at random moments and look at what is left (KILLS=200)
	$(BIN)/python -m bench.kill_saves --kills $(KILLS)

INPUTS ?= 20000
QUERIES ?= 1000000
SEED ?= 1
fuzz: $(VENV)/.dev  ## feed INPUTS damaged files to each reader, and QUERIES links and settings
	$(BIN)/python -m tests.fuzz --inputs $(INPUTS) --queries $(QUERIES) --seed $(SEED)

clean:  ## remove what was installed here
	rm -rf $(VENV) node_modules
