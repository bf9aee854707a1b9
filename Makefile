# Every command a person needs. `make help` lists them.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
# Node.js from the npm registry lies here where the system's is too old. Makers of file systems are
# where only root looks by itself.
export PATH := $(CURDIR)/.tools/bin:$(PATH):/usr/sbin:/sbin

VAR ?= var
KELASD_ARGS ?=
WEB_SOURCES := $(shell find web/src web/styles web/locales -type f 2>/dev/null) web/build.mjs web/package.json

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: prepare-run build ## Build and start a demo class here (Ctrl-C stops it)
	@mkdir -p $(VAR)
	@exec target/debug/kelasd serve --demo --data $(VAR) \
		--listen-http '[::]:8080' --listen-https '[::]:8443' --listen-stun '[::]:3478' \
		--announce text $(KELASD_ARGS)

.PHONY: test
test: prepare-test ## Everything a change must pass
	@mkdir -p target
	@.ci/test.sh 2>&1 | tee target/test.log
	@.ci/count.sh target/test.log

.PHONY: build
build: web/dist/manifest.json ## Build the web files and the daemon
	cargo build --locked --package kelasd

.PHONY: web
web: web/dist/manifest.json ## Build the web files alone

.PHONY: lint
lint: web/dist/manifest.json web/node_modules/.package-lock.json tests/browser/node_modules/.package-lock.json ## Formatting, clippy, types, linters
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	npm --prefix web run --silent check
	npm --prefix tests/browser run --silent check
	shellcheck $$(git ls-files '*.sh' buildroot-overlay/usr/lib/kelas tests/boot/air) .ci/run
	image/check/sources.sh

.PHONY: test-web
test-web: web/dist/manifest.json ## Unit tests of the browser code, and page weights
	npm --prefix web test --silent
	npm --prefix web run --silent size

.PHONY: test-rust
test-rust: build tests/peers/node_modules/.package-lock.json ## Unit, property and black-box tests of the daemon
	cargo test --locked --workspace --no-fail-fast

.PHONY: test-browser
test-browser: build tests/browser/node_modules/.package-lock.json ## Real browsers in a real room; screenshots in tests/browser/shots
	npm --prefix tests/browser test --silent

.PHONY: test-mesh
test-mesh: prepare-test build tests/browser/node_modules/.package-lock.json ## Seven browsers join one by one
	npm --prefix tests/browser run --silent mesh

.PHONY: daemon-arm64
daemon-arm64: prepare-image web/dist/manifest.json ## Build the daemon for the Pi's processor: image/out/arm64/kelasd
	@image/bench/daemon-arm64.sh image/out/arm64/kelasd

.PHONY: bench-image
bench-image: daemon-arm64 ## Make the card on Debian's arm64 packages: image/out/bench/card.img
	@image/bench/build.sh image/out/arm64/kelasd image/out/bench

.PHONY: boot
boot: bench-image ## Boot that card in QEMU, the site on loopback (BOARD=raspi3b for a Pi 3)
	@exec image/bench/boot.sh $(or $(BOARD),virt)

.PHONY: image
image: prepare-buildroot web/dist/manifest.json ## Build a board's card with Buildroot (BOARD=rpi4; docs/building.md)
	@image/build.sh $(BOARD)

.PHONY: image-check
image-check: prepare-buildroot ## Check all boards without building them (BUILDROOT_DIR=a Buildroot tree)
	@image/check/check.sh

.PHONY: test-boot
test-boot: prepare-test bench-image tests/browser/node_modules/.package-lock.json ## The card boots in an emulator: set up over the air, restart, power cut, reset
	cargo run --locked --quiet --package boot -- test

.PHONY: test-boot-air
test-boot-air: prepare-test bench-image ## The hotspot in harder cases: NetworkManager dies, 5 GHz, a card set up by kelas.toml alone
	cargo run --locked --quiet --package boot -- air

.PHONY: test-boot-watch
test-boot-watch: prepare-test bench-image tests/browser/node_modules/.package-lock.json ## The same for ten minutes: nothing but the data partition is written
	cargo run --locked --quiet --package boot -- watch

.PHONY: test-boot-pi
test-boot-pi: prepare-test bench-image ## The same card in an emulated Raspberry Pi 3, up to the site
	cargo run --locked --quiet --package boot -- pi

CARDS ?=
.PHONY: test-cards
test-cards: prepare-test bench-image build ## Bad cards and poor machines, one boot each (CARDS='part of a name' for some)
	cargo run --locked --quiet --package boot -- cards $(if $(CARDS),'$(CARDS)')

.PHONY: bench-boot
bench-boot: bench-image ## The card's start, memory and size beside a stock Debian's (KELAS_BENCH_RUNS=1 for a look)
	cargo run --locked --quiet --package boot -- bench

.PHONY: bench
bench: prepare-test web/dist/manifest.json tests/bench/node_modules/.package-lock.json ## Side by side with PeerServer, Express and Socket.IO
	cargo build --locked --release --package kelasd --package bench
	target/release/bench

.PHONY: format
format: web/node_modules/.package-lock.json ## Format all sources
	cargo fmt --all
	npm --prefix web run --silent format

.PHONY: clean
clean: ## Remove what was built (not $(VAR))
	cargo clean
	rm -rf web/dist web/node_modules tests/*/node_modules tests/browser/shots tests/browser/results .tools

PREPARE := prepare-run prepare-test prepare-image prepare-buildroot
.PHONY: $(PREPARE)
$(PREPARE): prepare-%:
	@.ci/prepare.sh $*

web/dist/manifest.json: web/node_modules/.package-lock.json $(WEB_SOURCES)
	npm --prefix web run --silent build

# npm writes this hidden file when an install is complete.
%/node_modules/.package-lock.json: %/package-lock.json
	@echo 'kelas: installing npm packages of $*' >&2
	npm --prefix $* ci --silent
	@touch $@
