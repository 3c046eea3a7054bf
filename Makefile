# Two commands do all the set-up: make run, make test.

PYTHON ?= python3
VENV := .venv
PORTAL := $(VENV)/bin/citizen-portal
PYBABEL := $(VENV)/bin/pybabel
READY := $(VENV)/ready
COMPILE := $(VENV)/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --no-header
LANGUAGES := ar fi sv

.PHONY: run test fuzz monkey faults audit simulate bench translations lock clean

run: $(READY)
	$(PORTAL) db upgrade
	$(PORTAL) demo load --if-empty
	exec $(PORTAL) serve

test: $(VENV)/ready-to-test
	$(VENV)/bin/lint-imports
	$(VENV)/bin/ruff check .
	$(VENV)/bin/pytest -n 2 --dist loadfile --no-loadscope-reorder

# Every field with every kind of bad value; the short form of "make test" takes some of the kinds in turn.
fuzz: $(VENV)/ready-to-test
	FUZZ_EVERYTHING=1 $(VENV)/bin/pytest -n 2 tests/faults/test_every_field.py

# Kills, restarts, full disks, locks and a database that goes, each among posts; what became of every post is told.
faults: $(VENV)/ready-to-test
	FAULT_SECONDS=8 KILLS=20 $(VENV)/bin/pytest -s tests/faults/test_outages.py tests/server/test_kill.py tests/upkeep

# A random walk of real browsers, some minutes of it; MONKEY_SEED begins another.
monkey: $(VENV)/ready-to-test
	MONKEY_LIVES=4 MONKEY_STEPS=60 $(VENV)/bin/pytest -n 2 tests/browser/monkey_walk.py

# Many random towns, published by the rules and audited; the short form of "make test" takes 200.
audit: $(VENV)/ready-to-test
	AUDIT_TOWNS=20000 $(VENV)/bin/pytest tests/publication/test_auditor.py

# Many invented waves, weighted and estimated; the short form of "make test" takes some hundred of each design.
simulate: $(VENV)/ready-to-test
	SIMULATED_WAVES=5000 SIMULATED_PAGES=1000 $(VENV)/bin/pytest -n 2 tests/statistics/test_weighting.py tests/publication/test_changes.py

# The start page while slow bodies, costly photos, a login flood and a spam flood run together, beside an idle portal.
attack: $(VENV)/ready-to-test
	$(VENV)/bin/python -m benchmarks attacked

bench: $(VENV)/ready-to-test
	$(VENV)/bin/python -m benchmarks

$(READY): requirements.lock pyproject.toml hatch_build.py $(wildcard translations/*/LC_MESSAGES/*.po)
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --require-hashes --requirement requirements.lock
	$(VENV)/bin/pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/ready-to-test: $(READY) requirements-test.lock tests/install-programs.sh
	$(VENV)/bin/pip install --quiet --require-hashes --requirement requirements-test.lock
	tests/install-programs.sh
	touch $@

translations:
	$(PYBABEL) extract -F translations/babel.cfg -k _l --ignore-dirs "staff .*" --no-location \
	  -o translations/resident.pot citizen_portal templates
	$(PYBABEL) extract -F translations/babel.cfg -k _l --no-location \
	  -o translations/staff.pot citizen_portal/staff templates/staff
	for language in $(LANGUAGES); do \
	  $(PYBABEL) update --init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 110 -D resident \
	    -i translations/resident.pot -d translations -l $$language; done
	$(PYBABEL) update --init-missing --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date -w 110 -D staff \
	  -i translations/staff.pot -d translations -l sv
	$(PYBABEL) compile -d translations -D "resident staff"

lock: $(VENV)/ready-to-test
	$(COMPILE) --all-extras --group build --output-file requirements.lock pyproject.toml
	$(COMPILE) --all-extras --group build --group test --constraint requirements.lock \
	  --output-file requirements-test.lock pyproject.toml

clean:
	rm -rf $(VENV) translations/*/LC_MESSAGES/*.mo
