# alert40. `make run` on a bare Debian is enough to begin; `make help` lists the rest.
.PHONY: help run demo test fuzz truth bench format build install clean
.DEFAULT_GOAL := help

help: ## Say what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: build ## Install what is missing, build, and start the proxy on 127.0.0.1:4040 (ARGS="--map 4050=https://...")
	@build/release/alert40 run $(ARGS)

demo: build ## See an origin fail with alert 40, and the proxy get past it
	@scripts/install-dependencies demo
	@scripts/demo build/release/alert40

test: ## Install what is missing, build, and test everything
	@scripts/test

fuzz: ## Fuzz each parser for a long time (SECONDS_EACH=600)
	@scripts/install-dependencies run test
	@scripts/fuzz fuzz $(or $(SECONDS_EACH),600)

truth: build ## Print what alert40 diagnose takes each known cause for; compare its inventory with sslscan and testssl.sh
	@scripts/install-dependencies run test truth
	@ALERT40_TRUTH=1 ALERT40_BINARY=$(CURDIR)/build/release/alert40 /usr/bin/python3 -m pytest -q tests/e2e/diagnose*_test.py tests/e2e/inventory_test.py

bench: build ## Measure beside nghttpx and HAProxy
	@scripts/install-dependencies bench
	@tests/bench/run

format: ## Lay the sources out
	@git ls-files -z '*.cpp' '*.hpp' | xargs -0 $$(command -v clang-format-14 || echo clang-format) -i

build:
	@scripts/install-dependencies run
	@scripts/build release alert40

install: build ## Copy the program and its manual page to PREFIX (/usr/local)
	@cmake --install build/release --prefix $(or $(PREFIX),/usr/local)

clean: ## Remove everything that was built
	@rm -rf build
