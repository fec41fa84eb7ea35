# Decade's few commands. `make run` and `make test` are all that is needed on a fresh machine.
#
#   make run                        the app on the sample company
#   make run FILES="a.csv b.xlsx"   the app on your own files
#   make test                       every test (ARGS="tests/metrics -k bridge" for some)
#   make check                      format, lint, types, import contracts, SQL format
#   make format                     write the format that the check wants
#   make bench                      the benchmarks, side by side
#   make sample                     write the sample company's exports again
#   make clean                      remove what the other commands made, but no workspace

.DEFAULT_GOAL := run
.PHONY: run test check format bench sample clean chromium referees
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
REFEREES := $(VENV)/referees
SOURCES := decade tests data/sample $(wildcard app.py pages benchmarks)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_USER := 0

# Other files are another workspace: nothing of one company is mixed with another's.
ifdef FILES
FILES_WORKSPACE := data/workspaces/files-$(shell printf '%s\n' $(FILES) | LC_ALL=C sort | cksum | cut -d' ' -f1)
endif

run: $(VENV)/run.stamp
ifdef FILES
	@$(BIN)/python -m decade import $(FILES) -w $(FILES_WORKSPACE) || { code=$$?; [ $$code -eq 3 ] || exit $$code; \
		echo "The page Import data asks these questions again: drop the files there and answer."; }
	$(BIN)/python -m decade serve -w $(FILES_WORKSPACE)
else
	$(BIN)/python -m decade serve
endif

# In the order of the folders the long browser tests come early; each worker computes on one core. Exit code 5: the
# choice in ARGS holds no test.
test: $(VENV)/dev.stamp chromium referees
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS) || [ $$? -eq 5 ]

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/sqlfmt --check --no-progressbar queries

format: $(VENV)/dev.stamp
	$(BIN)/ruff check --fix-only $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	$(BIN)/sqlfmt --no-progressbar queries

bench: $(VENV)/dev.stamp
	$(BIN)/python -m benchmarks $(ARGS)

sample: $(VENV)/dev.stamp
	$(BIN)/python data/sample/generate.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is younger than what it was made from, so a second run installs nothing.
$(VENV)/run.stamp: requirements.txt | $(VENV)/made.stamp
	$(BIN)/python -m pip install --quiet --requirement requirements.txt
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt requirements.txt | $(VENV)/made.stamp
	$(BIN)/python -m pip install --quiet --requirement requirements-dev.txt
	@touch $@ $(VENV)/run.stamp

$(VENV)/made.stamp:
	@for python in python3.11 python3; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || { missing=$$python; continue; }; \
		$$python -m venv $(VENV) && touch $@; \
		exit $$?; \
	done; \
	if [ -n "$$missing" ]; then \
		echo "$$missing has no venv module: install it (on Debian and Ubuntu: apt-get install $$missing-venv)." >&2; \
	else \
		echo "Python 3.11 or newer is needed and was not found: install python3.11." >&2; \
	fi; exit 1

# Libraries that judge our models need an older pandas: an environment of their own. Their tests skip without it.
referees: $(REFEREES)/made.stamp

$(REFEREES)/made.stamp: tests/referees/requirements.txt | $(VENV)/made.stamp
	@$(BIN)/python -m venv $(REFEREES) && \
	$(REFEREES)/bin/python -m pip install --quiet --requirement tests/referees/requirements.txt && touch $@ || \
	{ rm -rf $(REFEREES); echo "The referees could not be installed: their tests will be skipped."; }

# The tests in a real browser skip, and say so, when there is none.
chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null 2>&1 && exit 0; done; \
	if command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
		echo "Installing Chromium for the browser tests."; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && apt-get install -qq --yes --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0; \
	fi; \
	echo "No Chromium: the browser tests will be skipped. To have them: sudo apt-get install chromium"
