# Every command of the project; `make` alone lists them. Paths here are relative, so that a checkout
# may lie below a folder with spaces in its name, and .venv is used where it lies, never activated.

PYTHON = python3
CORPUS = seeds
REPORTS =
COUNTS =
GOLD =
ARGS =

BIN = .venv/bin
# To the shell as they are, so that spaces and quotes in a path need no care here.
export CORPUS REPORTS COUNTS GOLD
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Where this is set, every import of every kernel would be compiled again: 15 seconds instead of 4.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help reports pdf test test-all lab pictures bench accuracy rules calibrate mutants damage kills patterns memory fuzz refresh lock check browser remote exports clean

help:
	@echo 'make reports   compare the two seed articles; CORPUS=folder for your own, REPORTS=folder for'
	@echo '               another place than reports/, ARGS="--only 02_keywords -p top_n=20" for the rest'
	@echo 'make pdf       the same, and its pages as PDF beside them, if there is a Chromium'
	@echo 'make test      run the quick tests and every notebook; ARGS="-k quotations" for some of them'
	@echo 'make test-all  run all of them: the slow ones, those in a browser and those on an object store too'
	@echo 'make lab       open JupyterLab on what to open: notebooks/README.md'
	@echo 'make refresh   run the committed notebooks again and keep their outputs'
	@echo 'make check     look for mistakes without running anything (ruff, mypy, import-linter)'
	@echo 'make pictures  draw the front pages of the seeds and of the example for docs/, if there is a Chromium'
	@echo 'make bench     measure time and size'
	@echo 'make accuracy  measure how right quotations and names are, on data/gold or on GOLD=folder, and'
	@echo '               fail if a figure is below its floor'
	@echo 'make rules     measure what each rule for quotations and names gains and loses there'
	@echo 'make calibrate COUNTS=folder   how often chance alone passes for a keyword, from counts of your own'
	@echo 'make mutants   change the measures at random and see whether a test notices'
	@echo 'make kills     kill annotate, run, a worker and the scheduler at fifty moments, and compare what they make'
	@echo 'make patterns  annotate articles of one repeated pattern, and see that four times as long takes four times'
	@echo 'make memory    check, annotate and run hostile folders, and see that they never take 2 GB'
	@echo 'make fuzz      read half a million damaged files, none of which may raise an exception'
	@echo 'make damage    flip 1,000 bits of a cache, one after another, and see that no table is ever wrong'
	@echo 'make lock      write the lock files again from pyproject.toml; ARGS=--upgrade for newer versions'
	@echo 'make browser   install what the browser tests of the reports need, next to Chromium'
	@echo 'make remote    install what the tests of remote data need: an object store on this machine'
	@echo 'make exports   install what the tests of exports need: other programs that read them back'
	@echo 'make clean     remove reports and caches made here (.venv stays)'
	@echo 'The first of these sets up .venv, once. PYTHON=python3.13 sets it up with another Python.'

reports: .venv/.ok
	@$(BIN)/samestory run "$$CORPUS" $${REPORTS:+--reports "$$REPORTS"} $(ARGS)

pdf: reports
	@$(BIN)/python -m samestory.report.pdf "$${REPORTS:-reports}" "$$CORPUS"

# A cell needs those above it, so a notebook is run by one process; tests are taken from whoever has most left.
# One thread for each process: there is one for each core.
PYTEST = OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --maxprocesses 4
TESTS = $(PYTEST) --dist worksteal samestory tests
NOTEBOOKS = $(PYTEST) --dist loadfile --nbval --nbval-cell-timeout 120 notebooks
# pytest's 5 is that ARGS chose none: no fault, as long as they chose something in the other run.
ALL_PASSED = [ $$tests = 0 ] && [ $$notebooks = 0 ] || [ $$tests = 0 -a $$notebooks = 5 ] || \
	[ $$tests = 5 -a $$notebooks = 0 ]

test: .venv/.ok
	@$(TESTS) -m 'not slow' $(ARGS); tests=$$?; $(NOTEBOOKS) $(ARGS); notebooks=$$?; $(ALL_PASSED)

test-all: .venv/.ok
	@$(TESTS) $(ARGS); tests=$$?; $(NOTEBOOKS) $(ARGS); notebooks=$$?; $(ALL_PASSED)

# It opens on what to open, rendered (.lab/overrides.json); the whole checkout is in reach, and nothing is asked of the network.
lab: .venv/.ok
	@PYTHONSAFEPATH=1 $(BIN)/python -m jupyterlab --LabApp.default_url=/lab/tree/notebooks/README.md \
		--LabApp.app_settings_dir=.lab --LabApp.news_url=None \
		--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate $(ARGS)

# Chromium runs as root only without its sandbox; the pages are ours and hold no script. It leaves the last lines of its
# window white: these are cut off.
CHROMIUM = chromium --headless=new --hide-scrollbars $$([ "$$(id -u)" != 0 ] || echo --no-sandbox) --log-level=3
CUT_PICTURES = from PIL import Image; [Image.open(f"docs/{name}.png").convert("RGB").crop((0, 0, 960, height)) \
	.quantize(64).save(f"docs/{name}.png", optimize=True) for name, height in (("report", 1067), ("example", 2097))]
pictures: .venv/.ok
	@$(BIN)/samestory run seeds && $(BIN)/samestory run example
	@$(CHROMIUM) --window-size=960,1300 --screenshot=docs/report.png "file://$$PWD/reports/seeds/index.html"
	@$(CHROMIUM) --window-size=960,2400 --screenshot=docs/example.png "file://$$PWD/reports/example/index.html"
	@$(BIN)/python -c '$(CUT_PICTURES)'

bench: .venv/.ok
	@$(BIN)/python benchmarks/bench.py $(ARGS)

accuracy: .venv/.ok
	@$(BIN)/python -m benchmarks.accuracy "$$GOLD" $(ARGS)

rules: .venv/.ok
	@$(BIN)/python -m benchmarks.accuracy.rules "$$GOLD" $(ARGS)

calibrate: .venv/.ok
	@$(BIN)/python benchmarks/calibrate.py "$$COUNTS" $(ARGS)

refresh: .venv/.ok
	@$(BIN)/python -m samestory.commands.refresh $(ARGS)

mutants: .venv/.ok
	@$(BIN)/python benchmarks/mutants.py $(ARGS)

kills: .venv/.ok
	@$(BIN)/python -m benchmarks.kills $(ARGS)

patterns: .venv/.ok
	@$(BIN)/python benchmarks/hostile_patterns.py $(ARGS)

memory: .venv/.ok
	@$(BIN)/python benchmarks/hostile_memory.py $(ARGS)

fuzz: .venv/.ok
	@$(BIN)/python -m benchmarks.fuzz $(ARGS)

damage: .venv/.ok
	@$(BIN)/python -m benchmarks.damage $(ARGS)

check: .venv/.checks
	@$(BIN)/python -m ruff check
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-cache >.venv/imports.txt || { cat .venv/imports.txt; exit 1; }

LOCK = $(BIN)/python -m uv pip compile --quiet --universal --python-version 3.11 \
	--fork-strategy fewest --generate-hashes --no-header $(ARGS)

# The pins of the lock as the lines of a list in YAML.
ONLY_PINS = sed -n 's/^\([a-z0-9][^\\]*[^\\ ]\) *\\$$/      - "\1"/p' requirements.txt

lock: .venv/.ok
	@$(LOCK) pyproject.toml --extra dev --output-file requirements.txt
	@{ sed '/^  - pip:$$/q' environment.yml; $(ONLY_PINS); echo '      - -e .'; } >.venv/environment.yml
	@cp .venv/environment.yml environment.yml
	@$(LOCK) --group browser --constraints requirements.txt --output-file tests/locks/browser.txt
	@$(LOCK) --group remote --constraints requirements.txt --output-file tests/locks/remote.txt
	@$(LOCK) --group exports --constraints requirements.txt --output-file tests/locks/exports.txt
	@$(LOCK) --group checks --constraints requirements.txt --output-file tests/locks/checks.txt

browser: .venv/.browser

remote: .venv/.remote

exports: .venv/.exports

clean:
	@find reports -mindepth 1 -maxdepth 1 ! -name README.md -exec rm -r {} +
	@find . -name .venv -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) \
		-prune -exec rm -r {} +
	@rm -rf .pytest_cache .hypothesis .ruff_cache .mypy_cache .import_linter_cache dist

# ---- Setting up -------------------------------------------------------------------------------------
# The stamp holds the folder it was made in: an environment that was never finished, was moved or has
# lost its Python is made anew; one that is only older than the lock is brought up to it.
$(shell [ "$$(cat .venv/.ok 2>&1)" = "$$(pwd -P)" ] && $(BIN)/python -c 'import pip' 2>&1 || rm -f .venv/.ok)

LOG = .venv/install.log
FAILED = { echo 'Setting up failed; the end of $(LOG):' >&2; tail -n 15 $(LOG) >&2; exit 1; }
# uv alone, at the version and hashes of the lock; and the lock without it, for where it cannot be had.
ONLY_UV = awk '/^[a-z0-9]/ { in_uv = /^uv==/ } in_uv' requirements.txt
WITHOUT_UV = awk '/^[a-z0-9]/ { in_uv = /^uv==/ } !in_uv' requirements.txt
PIP_INSTALL = $(BIN)/python -m pip install --no-input
# What every run imports, compiled on all cores now rather than by each kernel at the first run.
COMPILED = numpy scipy pandas matplotlib spacy thinc nltk IPython ipykernel pydantic
UV_INSTALL = $(BIN)/python -m uv --no-progress pip install --python $(BIN)/python

.venv/.ok: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' 2>/dev/null || { \
		echo 'samestory needs Python 3.11 to 3.14 and $(PYTHON) is not one: try make PYTHON=python3.13' >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo '$(PYTHON) cannot make virtual environments; as root: apt install python3-venv' >&2; exit 1; }
	@[ -e $@ ] || { echo 'Making a virtual environment in .venv'; $(PYTHON) -m venv --clear .venv; }
	@echo 'Installing the packages of requirements.txt into it'
	@$(ONLY_UV) >.venv/uv.txt; $(WITHOUT_UV) >.venv/pip.txt
	@{ $(PIP_INSTALL) --require-hashes -r .venv/uv.txt && \
		$(UV_INSTALL) --require-hashes -r requirements.txt; } >$(LOG) 2>&1 || { \
		echo 'uv is of no use here, so pip does it, which takes some minutes'; \
		$(PIP_INSTALL) --no-compile --require-hashes -r .venv/pip.txt >>$(LOG) 2>&1 || $(FAILED); }
	@$(PIP_INSTALL) --no-deps --no-build-isolation --editable . >>$(LOG) 2>&1 || $(FAILED)
	@echo 'Compiling the larger ones'
	@cd .venv/lib/python3*/site-packages && \
		../../../bin/python -m compileall -q -j 0 -x '/tests?/' $(COMPILED) >/dev/null 2>&1 || :
	@pwd -P >$@

.venv/.browser .venv/.remote .venv/.exports .venv/.checks: .venv/.%: tests/locks/%.txt .venv/.ok
	@echo 'Installing the packages of $< into .venv'
	@$(PIP_INSTALL) --require-hashes -r $< >$(LOG) 2>&1 || $(FAILED)
	@touch $@
