.PHONY: run test check lock bench assets picture clean
PY := .venv/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK = 1

run: .venv/run.stamp            ## the sample bot and LINE on this machine, no account needed; ARGS="--port 8010 --simulator-port 8011" elsewhere
	@.venv/bin/noren dev $(ARGS)

test: .venv/dev.stamp           ## every test this machine can run; the rest says why it was skipped
	@$(PY) -m pytest $(ARGS)

check: .venv/dev.stamp          ## what has to be green before a commit: lint, types, tests
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy
	@$(PY) -m pytest $(ARGS)

bench: .venv/dev.stamp          ## ratios beside reference servers, in one run
	@$(PY) -m benchmarks

assets: frontend/node_modules/.package-lock.json   ## build the pages at /simulator/ and /desk/ anew; needs Node.js 20
	@npm --prefix frontend run build

picture: .venv/dev.stamp       ## take the pictures of README and docs anew; needs Chromium
	@$(PY) -m tests.browser.picture
	@$(PY) -m tests.browser.desk.pictures

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	npm --prefix frontend ci --no-audit --no-fund
	@touch $@

.venv/bin/python:
	@python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Noren needs Python 3.11 or newer; python3 is $$(python3 --version)"; exit 1; }
	python3 -m venv .venv

.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock requirements.lock pyproject.toml | .venv/bin/python
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock
	$(PY) -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.stamp

lock:                           ## write both lock files anew
	$(PY) -m pip install --quiet uv
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --extra postgres --extra jwt --extra desk --group build pyproject.toml -o requirements.lock
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 \
	  --all-extras --group build --group dev pyproject.toml -o requirements-dev.lock

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis
