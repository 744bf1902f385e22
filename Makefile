# `make help` lists what can be asked for. Every target may be asked for at any time; what is done is not done again.
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test lint bench fuzz hostile stateful kill reimport fuzz-search crash-search search-eval search-speed messages audit lock
SHELL := /bin/sh
PY := .venv/bin/python

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1|\2/p' Makefile | while IFS='|' read -r a b; do printf '%-18s %s\n' "$$a" "$$b"; done

setup: .venv/.base ## the environment in .venv and what pages need
	@:

setup-test: .venv/.test
	@:

.venv/.base: requirements/base.txt bin/setup
	@sh bin/setup base

.venv/.test: requirements/test.txt bin/setup
	@sh bin/setup test

run: ## the site with the seed minutes, on http://127.0.0.1:8000 (PORT=8001 make run: on another port)
	@RUN_STARTED=$$(date +%s) && export RUN_STARTED && $(MAKE) --no-print-directory setup && exec $(PY) -m config.serve

test: setup-test ## all tests (ARGS="-k words" for some; REQUIRE_ALL=1 fails where Chromium or PostgreSQL is missing)
	@$(PY) tests/run.py $(ARGS)

lint: setup-test ## ruff and mypy
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

bench: setup-test ## speed of reading and parsing beside markdown-it-py
	@$(PY) -m bench.parsing

fuzz: setup-test ## 20,000 mutated documents (COUNT=1000 make fuzz: fewer)
	@$(PY) -m bench.fuzz_parsing $${COUNT:-20000}

hostile: setup-test ## files made to harm, each in a process of its own: seconds and memory
	@$(PY) -m bench.hostile

stateful: setup-test ## 2,000 sequences of imports, edits and undos (COUNT=100 make stateful: fewer; DATABASE_URL: where)
	@COUNT=$${COUNT:-2000} $(PY) -m pytest -q --show-capture=no tests/test_stateful.py

kill: setup-test ## 200 imports killed at random moments (COUNT=20 make kill: fewer; DATABASE_URL: where)
	@$(PY) -m bench.kill_import $${COUNT:-200}

reimport: setup-test ## 10,000 turns imported, edited and imported again (DATABASE_URL: where)
	@$(PY) -m bench.reimport

fuzz-search: setup-test ## 50,000 random queries on the site of make run (COUNT=1000 make fuzz-search: fewer)
	@$(PY) manage.py rebuild_search --if-needed && $(PY) -m bench.fuzz_search $${COUNT:-50000}

crash-search: setup-test ## kills the process that indexes 100 times (COUNT=10 make crash-search: fewer)
	@$(PY) -m bench.crash_search $${COUNT:-100}

search-speed: setup-test ## a million turns searched, beside Datasette (ARGS="--datasette PROGRAM PATH...": minutes to draw from)
	@$(PY) -m bench.search_speed $(ARGS)

search-eval: setup-test ## how often the right turn is found, on the site of make run
	@$(PY) -m bench.search_eval

messages: setup ## what translators work on, in locale/en and every other language there (NEW=fr make messages: a new one)
	@command -v msgfmt >/dev/null && command -v xgettext >/dev/null || { echo "This needs Debian's package gettext: apt-get install gettext"; exit 1; }
	@mkdir -p locale/en $${NEW:+locale/$$NEW}
	@$(PY) manage.py makemessages --all --no-location -i .venv -i var -i tests -i bench
	@$(PY) manage.py compilemessages -i .venv

audit: setup-test ## one page of every kind before the W3C's checker and Lighthouse (needs npm, Java, Chromium)
	@$(PY) -m bench.audit $(ARGS)

pictures: setup-test ## every kind of page in docs/pictures, three widths, light and dark (ARGS="talk day": some kinds)
	@$(PY) -m bench.pictures $(ARGS)

lock: ## compile requirements/*.txt from pyproject.toml anew
	@sh bin/lock
