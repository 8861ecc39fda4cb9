# Every target sets up what it needs; `make help` lists the targets.
.DEFAULT_GOAL := help
.PHONY: help demo test lint screens bench bench-load mutants evaluate lock clean env env-test

INFRA := .venv/bin/python -m infra
COMPILE := .venv/bin/pip-compile --quiet --strip-extras --no-header --annotation-style=line \
	--no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: env ## build, deploy and run the whole product on this machine
	@exec $(INFRA) demo

test: env-test ## run all checks: linters, types, import rules, tests
	@exec $(INFRA) check

lint: env ## run the linters and type checks only
	@exec $(INFRA) check --lint

screens: env-test ## update the pictures of README and guides in docs/screens
	@exec env INVIGIL_SCREENS=docs/screens .venv/bin/python -m pytest -q tests/e2e

bench: env ## benchmark the vision pipeline, input latency and the wall of 60 candidates
	@.venv/bin/python -m tests.bench.vision
	@.venv/bin/python -m tests.bench.paint
	@exec .venv/bin/python -m tests.bench.wall

bench-load: env ## play 500 candidates with 100,000 answers while a fifth of the calls to AWS fails: ARGS=--help
	@exec .venv/bin/python -m tests.bench.load $(ARGS)

mutants: env ## see whether the unit tests notice changed rules: ARGS='--sample 150 PATH', ARGS=--help
	@exec .venv/bin/python -m infra.mutants $(ARGS)

evaluate: env ## evaluate speech on sounds made by program, or vision on labelled pictures: PICTURES=folder, ARGS='--as check'
	@if [ -z '$(PICTURES)' ]; then \
		echo 'No PICTURES=folder: the sounds only, which a program makes' >&2; \
		exec .venv/bin/python -m models.evaluate.sounds $(ARGS); \
	fi; \
	exec .venv/bin/python -m models.evaluate '$(PICTURES)' $(ARGS)

lock: env ## update requirements*.txt to the newest versions that requirements*.in allow
	@$(COMPILE) requirements.in --output-file requirements.txt
	@for name in vision sound recording notify sms retention; do \
		$(COMPILE) --constraint requirements.txt functions/$$name/requirements.in \
			--output-file functions/$$name/requirements.txt || exit 1; \
	done
	@$(COMPILE) requirements-dev.in --output-file requirements-dev.txt

clean: ## delete build results and the local AWS's data; keep .venv and node_modules
	rm -rf .local web/dist models/build models/*.onnx .chalice/deployments

env:
	@PYTHON='$(PYTHON)' sh infra/bootstrap.sh

env-test:
	@PYTHON='$(PYTHON)' sh infra/bootstrap.sh --test
