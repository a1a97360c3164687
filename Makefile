# Every target does its own set-up, once. What set-up installs for this project alone lies in .tools and node_modules.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.PHONY: help dev test bench fuzz wasm clean FORCE

# The program must be of the very version that the library in Cargo.lock is.
wasm_bindgen_version := $(shell awk '/^name = "wasm-bindgen"$$/ { getline; gsub(/[^0-9.]/, ""); print }' Cargo.lock)

worker_build := .tools/worker-build-0.8.7/bin/worker-build
pass_through := benches/gate/pass_through
wasm_bindgen := .tools/wasm-bindgen-cli-$(wasm_bindgen_version)/bin/wasm-bindgen
cargo_deny := .tools/cargo-deny-0.20.2/bin/cargo-deny
cargo_fuzz := .tools/cargo-fuzz-0.13.2/bin/cargo-fuzz
# Fuzzing needs a nightly toolchain; without one it is left out.
nightly := $(shell cargo +nightly --version 2>/dev/null)
npm := node_modules/.package-lock.json
crate := Cargo.toml Cargo.lock $(shell find src crates -type f)

# npm brings the Node that everything runs on, whatever the machine has.
export PATH := $(CURDIR)/node_modules/.bin:$(CURDIR)/$(dir $(cargo_deny)):$(CURDIR)/$(dir $(cargo_fuzz)):$(PATH)
export WRANGLER_SEND_METRICS := false
export CHROMIUM ?= /usr/bin/chromium
export SAML_EDGE_VECTORS ?= ../shared/vectors
export FUZZ_SECONDS ?= 600

# Other ports than 8787, 8788 and 8789: `make dev PORT=9787 IDP_PORT=9788 ORIGIN_PORT=9789`.
dev_options := $(if $(PORT),--port $(PORT)) $(if $(IDP_PORT),--idp-port $(IDP_PORT)) \
	$(if $(ORIGIN_PORT),--origin-port $(ORIGIN_PORT))

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' Makefile

dev: $(npm) .dev.vars wasm ## the Worker, a demo IdP and a demo product on this machine; prints where to sign in, and as whom
	@node tests/demo/dev.mjs $(dev_options)

test: $(npm) .tools/wasm32 $(worker_build) $(wasm_bindgen) $(cargo_deny) $(if $(nightly),$(cargo_fuzz)) ## every check there is
	@.make/debian '[ -x "$(CHROMIUM)" ]' 'for the browser tests' chromium || [ -z "$${CI:-}" ]
	@.make/debian 'command -v xmlsec1' 'to verify what is signed here' xmlsec1 || [ -z "$${CI:-}" ]
	@.make/simplesamlphp || [ -z "$${CI:-}" ]
	@.make/python || [ -z "$${CI:-}" ]
	@.make/test

bench: wasm target/bench-wasm/index.js $(pass_through)/build/index.js ## time verification and gate against others; writes target/bench.json
	@.make/debian 'pkg-config --exists xmlsec1-openssl' 'to time libxmlsec1' \
		libxmlsec1-dev libxmlsec1-openssl pkg-config
	@node benches/run.mjs

fuzz: $(cargo_fuzz) ## mutate messages for FUZZ_SECONDS (600) a target, two targets at a time
	@.make/fuzz $(FUZZ_SECONDS)

wasm: build/index.js ## the Worker as wrangler takes it: build/index.js and build/index_bg.wasm

clean: ## remove what was built and the local data; the tools stay
	@rm -rf build target .wrangler .tools/target

worker_build_here = env $$(cat $(CURDIR)/.tools/wasm32) WASM_BINDGEN_BIN=$(CURDIR)/$(wasm_bindgen) \
	WASM_OPT_BIN=$(CURDIR)/node_modules/.bin/wasm-opt ESBUILD_BIN=$(CURDIR)/node_modules/.bin/esbuild \
	CARGO_TARGET_DIR=$(CURDIR)/target $(CURDIR)/$(worker_build) --release

build/index.js: $(crate) .make/wasm-opt .tools/wasm32 $(npm) $(worker_build) $(wasm_bindgen)
	@echo "building the Worker (about two minutes the first time)" >&2
	@$(worker_build_here)
	@# worker-build keeps the names of all functions, a tenth of what Cloudflare would have to load.
	@.make/wasm-opt --strip-debug build/index_bg.wasm -o build/index_bg.wasm
	@touch $@

# Bound and optimised as worker-build does it to the Worker, but for Node to call.
target/bench-wasm/index.js: $(crate) .make/wasm-opt $(wildcard benches/*.rs benches/*/*.rs) .tools/wasm32 $(npm) $(wasm_bindgen)
	@echo "building the wasm bench (about two minutes the first time)" >&2
	@env $$(cat .tools/wasm32) cargo build --release --example bench-wasm --target wasm32-unknown-unknown
	@$(wasm_bindgen) --target nodejs --out-dir $(@D) --out-name index \
		target/wasm32-unknown-unknown/release/examples/bench_wasm.wasm
	@.make/wasm-opt -O $(@D)/index_bg.wasm -o $(@D)/index_bg.wasm
	@touch $@

# The least that stands before an origin, for the gate to be held against.
$(pass_through)/build/index.js: $(wildcard $(pass_through)/Cargo.* $(pass_through)/src/*) .tools/wasm32 $(npm) $(worker_build) $(wasm_bindgen)
	@cd $(pass_through) && $(worker_build_here)
	@touch $@

# The wasm32 library belongs to the machine, not to this folder: looked at each time, changed only when the answer is.
.tools/wasm32: FORCE
	@.make/wasm32

$(wasm_bindgen) $(worker_build) $(cargo_deny) $(cargo_fuzz):
	@.make/cargo-install $@

$(npm): package.json package-lock.json
	@.make/debian 'command -v npm' 'to install the npm packages' npm
	@echo "set-up: installing the npm packages (about half a minute)" >&2
	@npm ci --no-audit --no-fund --loglevel=error >&2
	@touch $@

# Looked at each time, and changed only where something is missing.
.dev.vars: FORCE
	@.make/dev-vars
