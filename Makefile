# Every Debian package that building, testing and the demo need; this is the only list.
PACKAGES := libmecab-dev mecab-ipadic-utf8 mecab-utils libprotobuf-c-dev protobuf-c-compiler libsqlite3-dev \
	zlib1g-dev libstdc++-12-dev pkg-config python3 python3-protobuf curl

# Other people's programs that some tests ask; those tests are skipped, saying so, where they are missing.
PEER_PACKAGES := golang-go golang-github-containerd-ttrpc-dev prometheus openssl strace python3-venv
PEER_VENV := .build/peers.venv

SWIFT := swift
RELEASE := -c release -Xswiftc -cross-module-optimization
SOURCES := Package.swift Services Shared Tests
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: help setup peers build demo test lint format bench bench-trees protos containers-test sanitize

help:
	@echo 'make demo    set up, build, make listings, train, serve, ask, stop'
	@echo 'make test    set up and run every test'
	@echo 'make peers   install the programs of others that tests ask'
	@echo 'make sanitize  tests of hostile bytes and of threads under the sanitizers, a million frames'
	@echo 'make lint    formatting, compiler warnings, generated code'
	@echo 'make format  format every source file'
	@echo 'make bench   accuracy and speed beside the peers (LISTING_DATA names the folder with real listings)'
	@echo 'make bench-trees  trees beside LightGBM, XGBoost and CatBoost (TREES_DATA names the folder with rows)'
	@echo 'make containers-test  build every image, run the suite in containers; check the Kubernetes manifests'
	@echo 'make protos  regenerate the protobuf-c code'

# Installs the Debian packages that are missing of a list.
define install
	@missing=$$(for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q 'ok installed' || echo $$package; done); \
	if [ -n "$$missing" ]; then \
		$(SUDO) apt-get update -q && \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -q --no-install-recommends $$missing; \
	fi
endef

setup:
	$(call install,$(PACKAGES))

peers: setup
	$(call install,$(PEER_PACKAGES))
	@$(PEER_VENV)/bin/python -c 'import numpy, lightgbm' 2>/dev/null || \
		{ python3 -m venv $(PEER_VENV) && $(PEER_VENV)/bin/python -m pip install -q numpy lightgbm; }

build: setup
	$(SWIFT) build $(RELEASE) --product listing-assist
	$(SWIFT) build $(RELEASE) --product price-service
	$(SWIFT) build $(RELEASE) --product category-title-service
	$(SWIFT) build $(RELEASE) --product tag-service
	$(SWIFT) build $(RELEASE) --product violation-service

demo: build
	@Services/demo.sh

# One by one: tests with deadlines would miss them beside tests that train on every core.
test: setup
	@$(MAKE) --no-print-directory peers || echo 'make test: peers are missing, the tests that need them are skipped' >&2
	$(SWIFT) test --no-parallel

sanitize: setup
	Tests/sanitize.sh address
	Tests/sanitize.sh thread

# Warnings are looked for in a build from scratch of this package's own targets.
lint: setup
	$(SWIFT) format lint --strict --recursive --parallel $(SOURCES)
	protos/generate.sh --check
	@Tests/check-warnings.sh

format:
	$(SWIFT) format --in-place --recursive --parallel $(SOURCES)

bench: build
	Tests/Benchmarks/price.sh
	Tests/Benchmarks/categories.sh
	Tests/Benchmarks/titles.sh
	Tests/Benchmarks/attributes.sh
	Tests/Benchmarks/tags.sh
	Tests/Benchmarks/violations.sh
	Tests/Benchmarks/service.sh
	Tests/Benchmarks/serving.sh

containers-test: setup
	Tests/Containers/containers.sh
	Tests/Containers/kubernetes.sh

bench-trees: setup
	Tests/Benchmarks/trees.sh

protos: setup
	protos/generate.sh
