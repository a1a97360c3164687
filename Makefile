# Each check is a target, which CI runs as a job of its own; `make test` runs and counts them all. Every target does its
# own set-up, once. What set-up installs for this project alone lies in .tools and node_modules.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DELETE_ON_ERROR:
.PHONY: help dev check test setup fmt columns clippy clippy-native clippy-wasm32 native legacy-vectors msrv docs deny \
	licences advisories package semver wasm-size wasm-features dry-run-dev dry-run-staging dry-run-production end-to-end e2e \
	bench fuzz wasm clean toolchain xmlsec1 peers FORCE

# $(call locked,CRATE,FILE) is the version of a crate in a lock file.
locked = $(shell awk '/^name = "$(1)"$$/ { getline; gsub(/[^0-9.]/, ""); print }' $(2))
# The program must be of the very version that the library in Cargo.lock is.
wasm_bindgen_version := $(call locked,wasm-bindgen,Cargo.lock)
ifneq ($(wasm_bindgen_version),$(call locked,wasm-bindgen-cli-support,.make/wasm-bindgen/Cargo.lock))
$(error .make/wasm-bindgen must be of the version $(wasm_bindgen_version), which wasm-bindgen has in Cargo.lock)
endif
# It is built anew when its own files change.
wasm_bindgen_files := $(shell cat .make/wasm-bindgen/* | sha256sum | cut -c 1-8)
msrv := $(shell sed -n 's/^rust-version = "\(.*\)"$$/\1/p' Cargo.toml)
# The release that the next one is compared with.
baseline := $(shell git describe --tags --abbrev=0 --match 'v[0-9]*' 2>/dev/null)
# What others may depend on.
crates := $(patsubst crates/%/Cargo.toml,%,$(wildcard crates/*/Cargo.toml))

wasm_bindgen := .tools/wasm-bindgen-$(wasm_bindgen_version).$(wasm_bindgen_files)/bin/wasm-bindgen
cargo_deny := .tools/cargo-deny-0.20.2/bin/cargo-deny
cargo_fuzz := .tools/cargo-fuzz-0.13.2/bin/cargo-fuzz
cargo_semver_checks := .tools/cargo-semver-checks-0.49.0/bin/cargo-semver-checks
# Fuzzing needs a nightly toolchain; without one it is left out.
nightly := $(shell RUSTUP_AUTO_INSTALL=0 cargo +nightly --version 2>/dev/null)
npm := node_modules/.package-lock.json
sources := Cargo.toml Cargo.lock $(shell find src crates -type f)
pass_through := benches/gate/pass_through
wasm32 := wasm32-unknown-unknown

# The folder of the Worker. That of a release is in build, and that of `make dev` is built in a fifth of the time.
export WORKER ?= build
profile := $(if $(filter build,$(WORKER)),release,dev-worker)

# rustup installs nothing in passing: `toolchain` below does, and says so first.
export RUSTUP_AUTO_INSTALL := 0
# npm brings the Node that everything runs on, whatever the machine has.
space := $() $()
export PATH := $(subst $(space),:,$(addprefix $(CURDIR)/,node_modules/.bin $(dir $(wasm_bindgen) $(cargo_deny) $(cargo_fuzz)))):$(PATH)
export WRANGLER_SEND_METRICS := false
# What `worker` expects of the program that builds it: futures of js-sys alone.
export WASM_BINDGEN_USE_JS_SYS := 1
export CHROMIUM ?= /usr/bin/chromium
export SAML_EDGE_VECTORS ?= ../shared/vectors
export FUZZ_SECONDS ?= 600

# Other ports than 8787, 8788 and 8789: `make dev PORT=9787 IDP_PORT=9788 ORIGIN_PORT=9789`.
dev_options := $(if $(PORT),--port $(PORT)) $(if $(IDP_PORT),--idp-port $(IDP_PORT)) \
	$(if $(ORIGIN_PORT),--origin-port $(ORIGIN_PORT))
# What a machine that runs no CI may do without. The tests that need it are left out there.
or_without = || [ -z "$${CI:-}" ]

# $(call step,WORDS,COMMAND) says what COMMAND does before it does it, and then how long that took.
step = @echo "set-up: $(1)" >&2; $(2); echo "set-up: $(1): done in $$SECONDS s" >&2

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' Makefile

# What it needs is installed and built side by side.
dev: export WORKER := target/worker
dev: ## the Worker, a demo IdP and a demo product on this machine; prints where to sign in, and as whom
	@$(MAKE) --silent --jobs wasm .dev.vars
	@node tests/demo/dev.mjs $(dev_options)

check: fmt clippy native ## format, lints and native tests: what to run before each commit

test: setup ## every check but msrv, counted
	@.make/test

setup: ## install what dev and test need, in advance
	@$(MAKE) --silent --jobs .tools/wasm32 $(npm) $(wasm_bindgen) $(cargo_deny) $(if $(nightly),$(cargo_fuzz))
	@$(MAKE) peers

fmt: toolchain columns ## formatting; `cargo fmt` mends it
	@cargo fmt --all --check -- --color never
	@cargo fmt --check --manifest-path fuzz/Cargo.toml -- --color never
	@cargo fmt --check --manifest-path .make/wasm-bindgen/Cargo.toml -- --color never

# `cargo fmt` leaves comments and strings as long as they are.
columns: ## no line of Rust is longer than 100 characters
	@LC_ALL=C.UTF-8 grep -rnE '^.{101}' --include='*.rs' src tests benches fuzz/src fuzz/targets crates .make \
		&& exit 1 || [ $$? = 1 ]

clippy: clippy-native clippy-wasm32 ## lints, for this machine and for wasm32

clippy-native: toolchain
	@cargo clippy --locked --workspace --all-targets -- -D warnings

clippy-wasm32: .tools/wasm32
	@env $$(cat .tools/wasm32) cargo clippy --locked --workspace --lib --examples --target $(wasm32) -- -D warnings

native: toolchain xmlsec1 ## the tests in Rust
	@cargo test --locked --workspace --no-fail-fast

legacy-vectors: toolchain ## other projects' vectors once more, with the old algorithms that some need
	@RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/.make/legacy-vectors cargo test --locked --test corpus

msrv: ## build and test with the oldest Rust that Cargo.toml promises
	@rustc +$(msrv) --version >/dev/null 2>&1 || { echo "set-up: installing Rust $(msrv) (half a minute)" >&2; \
		rustup toolchain install $(msrv) --profile minimal --target $(wasm32); }
	@env RUSTUP_TOOLCHAIN=$(msrv) cargo check --locked --workspace --lib --target $(wasm32)
	@env RUSTUP_TOOLCHAIN=$(msrv) cargo test --locked --workspace --no-fail-fast

docs: toolchain ## the documentation of the code, private items too, without a warning
	@env RUSTDOCFLAGS='-D warnings' cargo doc --locked --workspace --no-deps --document-private-items

deny: licences ## licences, sources and bans of dependencies, and what is known against them
	@if timeout 60 cargo-deny fetch db >/dev/null 2>&1; then make advisories; else \
		echo "advisories SKIPPED: their database cannot be reached from here" >&2; [ -z "$${GITHUB_ACTIONS:-}" ]; fi

licences: $(cargo_deny)
	@cargo-deny check licenses bans sources

advisories: $(cargo_deny)
	@cargo-deny check advisories

# Uncommitted files are packed too: this looks at what would be published, and publishes nothing.
package: toolchain ## the crates that others may use: packed, and built alone
	@$(if $(crates),cargo package --locked --allow-dirty $(crates:%=-p %),echo 'no crate under crates/')

semver: toolchain $(if $(and $(crates),$(baseline)),$(cargo_semver_checks)) ## the API of these crates, compared with the last release
	@$(if $(and $(crates),$(baseline)),$(cargo_semver_checks) semver-checks --baseline-rev $(baseline) $(crates:%=-p %),\
		echo 'nothing to compare with: no tag of a release yet')

# What Cloudflare stores and starts; the ceiling is the project's own.
wasm-size: wasm ## the Worker's size, which has a ceiling
	@bytes=$$(wc -c <build/index_bg.wasm) gzipped=$$(gzip -9 <build/index_bg.wasm | wc -c); \
		echo "wasm_bytes $$bytes, wasm_gzip_bytes $$gzipped (at most 1100000)"; [ $$gzipped -le 1100000 ]

# Nor may it use a feature of WebAssembly that Workers lack.
wasm-features: wasm
	@.make/wasm-features build/index_bg.wasm

# wrangler warns, and deploys all the same, when an environment lacks what only the top level has.
dry-run-dev dry-run-staging dry-run-production: dry-run-%: $(npm) wasm
	@said=$$(wrangler deploy --dry-run --env $* --outdir .wrangler/$* 2>&1) || { echo "$$said"; exit 1; }; \
		echo "$$said"; [[ $$said != *WARNING* ]]

e2e: wasm-features dry-run-dev dry-run-staging dry-run-production peers end-to-end ## dry runs of each deploy, then the Worker on workerd with IdPs, origins and a browser

# The tests but for those that need what could not be installed; in CI it must be there. Most wait for something at
# times, so one more at once than there are processors.
without = $(shell [ -x "$(CHROMIUM)" ] || echo %browser.test.mjs; [ -d .tools/simplesamlphp ] || echo %/simplesamlphp%; \
	[ -f .tools/python/requirements.txt ] || echo tests/e2e/openapi% tests/e2e/pysaml2% %_python.test.mjs)
end-to-end: .dev.vars
	@node --test --test-concurrency=$$(($$(nproc) + 1)) --test-reporter=spec \
		$(filter-out $(without),$(wildcard tests/e2e/*.test.mjs))

bench: wasm target/bench-wasm/index.js $(pass_through)/build/index.js ## time verification and gate against others; writes target/bench.json
	@.make/debian 'pkg-config --exists xmlsec1-openssl' 'to time libxmlsec1' \
		libxmlsec1-dev libxmlsec1-openssl pkg-config
	@node benches/run.mjs

fuzz: $(cargo_fuzz) ## mutate messages for FUZZ_SECONDS (600) a target, two targets at a time
	@.make/fuzz $(FUZZ_SECONDS)

wasm: $(WORKER)/index.js ## the Worker as wrangler takes it: build/index.js and build/index_bg.wasm

clean: ## remove what was built and the local data; the tools stay
	@rm -rf build target .wrangler

# In two steps, so that the first can run while the tools of the second are built and installed.
target/$(wasm32)/$(profile)/saml_edge.wasm: $(sources) .tools/wasm32
	$(call step,compiling the Worker ($(profile)),env $$(cat .tools/wasm32) \
		cargo build --quiet --locked --lib --profile $(profile) --target $(wasm32) --target-dir target)
	@touch $@

build/index.js target/worker/index.js: %/index.js: target/$(wasm32)/$(profile)/saml_edge.wasm src/worker/entry.mjs \
		.make/worker .make/wasm-opt $(npm) $(wasm_bindgen)
	@.make/worker $< src/worker/entry.mjs $* $(if $(filter release,$(profile)),-O)

# Bound and optimised as the Worker is, but for Node to call.
target/bench-wasm/index.js: $(sources) .make/wasm-opt $(wildcard benches/*.rs benches/*/*.rs) .tools/wasm32 $(npm) $(wasm_bindgen)
	$(call step,building the wasm bench,env $$(cat .tools/wasm32) \
		cargo build --quiet --locked --release --example bench-wasm --target $(wasm32) --target-dir target)
	@wasm-bindgen --target nodejs --out-dir $(@D) --out-name index target/$(wasm32)/release/examples/bench_wasm.wasm
	@.make/wasm-opt -O $(@D)/index_bg.wasm -o $(@D)/index_bg.wasm
	@touch $@

# The least that stands before an origin, for the gate to be held against.
$(pass_through)/build/index.js: $(wildcard $(pass_through)/*.* $(pass_through)/src/*) .make/worker .make/wasm-opt .tools/wasm32 $(npm) $(wasm_bindgen)
	$(call step,building the least Worker,env $$(cat .tools/wasm32) \
		cargo build --quiet --release --lib --target $(wasm32) --target-dir target --manifest-path $(pass_through)/Cargo.toml)
	@.make/worker target/$(wasm32)/release/pass_through.wasm $(pass_through)/entry.mjs $(@D) -O

# Set-up. Each recipe looks first, says what it installs, and installs it.

toolchain:
	@.make/toolchain

# The wasm32 library belongs to the machine, not to this folder: looked at each time, changed only when the answer is.
.tools/wasm32: FORCE | toolchain
	@.make/wasm32

# .tools/NAME-VERSION/bin/PROGRAM. They run for seconds: to build them without optimisation saves minutes.
tool = $(word 2,$(subst /, ,$@))
tool_version = $(lastword $(subst -, ,$(tool)))
tool_name = $(patsubst %-$(tool_version),%,$(tool))
$(wasm_bindgen) $(cargo_deny) $(cargo_fuzz) $(cargo_semver_checks): | toolchain
	$(call step,building $(tool),env CARGO_PROFILE_DEV_DEBUG=false CARGO_TARGET_DIR=.tools/$(tool)/target \
		cargo install --quiet --locked --debug --no-track --bin $(@F) --root .tools/$(tool) \
		$(if $(wildcard .make/$(tool_name)),--path .make/$(tool_name),$(tool_name)@$(tool_version)))
	@rm -r .tools/$(tool)/target

$(npm): package.json package-lock.json
	@.make/debian 'command -v npm' 'to install the npm packages' npm
	$(call step,installing the npm packages,npm ci --no-audit --no-fund --loglevel=error >&2)
	@touch $@

# Looked at each time, and changed only where something is missing.
.dev.vars: FORCE $(npm)
	@node tests/demo/secrets.mjs $@

xmlsec1:
	@.make/debian 'command -v xmlsec1' 'to verify what is signed here' xmlsec1 $(or_without)

peers: xmlsec1
	@.make/debian '[ -x "$(CHROMIUM)" ]' 'for the browser tests' chromium $(or_without)
	@.make/simplesamlphp $(or_without)
	@.make/python $(or_without)
