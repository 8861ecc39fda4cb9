# Each target does its own set-up; `make help` lists them.
.DEFAULT_GOAL := help
.PHONY: help demo test lint bench evaluate lock clean env env-test

INFRA := .venv/bin/python -m infra
COMPILE := .venv/bin/pip-compile --quiet --strip-extras --no-header --annotation-style=line \
	--no-emit-options --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 8

demo: env ## the whole product on this machine, until Ctrl-C
	@exec $(INFRA) demo

test: env-test ## lint, types, import rules, then every test
	@exec $(INFRA) check

lint: env ## what `make test` checks before it runs a test
	@exec $(INFRA) check --lint

bench: env ## pictures a second on one core, input to paint with 200 questions, a wall of 60 candidates
	@.venv/bin/python -m tests.bench.vision
	@.venv/bin/python -m tests.bench.paint
	@exec .venv/bin/python -m tests.bench.wall

evaluate: env ## how well the eyes see a folder of labelled pictures: PICTURES=folder
	@if [ -z '$(PICTURES)' ]; then \
		echo 'Say which pictures: make evaluate PICTURES=folder (one that holds scenes.csv)' >&2; \
		exit 2; \
	fi
	@exec .venv/bin/python -m models.evaluate '$(PICTURES)'

lock: env ## pin the newest versions that requirements*.in allow
	@$(COMPILE) requirements.in --output-file requirements.txt
	@for name in vision sound notify sms; do \
		$(COMPILE) --constraint requirements.txt functions/$$name/requirements.in \
			--output-file functions/$$name/requirements.txt || exit 1; \
	done
	@$(COMPILE) requirements-dev.in --output-file requirements-dev.txt

clean: ## forget what was built and the local AWS's data; keeps .venv and node_modules
	rm -rf .local web/dist models/build models/*.onnx .chalice/deployments

env:
	@PYTHON='$(PYTHON)' sh infra/bootstrap.sh

env-test:
	@PYTHON='$(PYTHON)' sh infra/bootstrap.sh --test
