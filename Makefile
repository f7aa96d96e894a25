# Commands for development. `make help` lists them.

# The target of the release; by default, the target of the compiler.
HOST = $(shell rustc -vV | sed -n 's/^host: //p')
TARGET ?= $(HOST)
PROGRAM = $${CARGO_TARGET_DIR:-target}/$(TARGET)/release/savt
MAX_BYTES = 20000000

.PHONY: help run test soak schemathesis openapi times torture fuzz audit bench release fmt compiler test-tools

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

# A debug build takes one minute instead of more than five, and is fast enough to try SAVT with a
# group. For the full speed, use `make release`.
run: compiler ## Start SAVT at http://127.0.0.1:8000 (more options: make run ARGS="--help")
	cargo run --locked -- serve $(ARGS)

# Many tests wait for a server or a browser, so more of them run at once than there are processors.
TEST_THREADS ?= $(shell echo $$(($$(nproc) * 3)))

test: compiler ## Check style and lints, then run all tests
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@$(MAKE) --no-print-directory test-tools
	RUST_TEST_THREADS=$(TEST_THREADS) cargo test --locked

# The same tests with more clients and for longer: 33 browsers, a minute of load. SAVT_SOAK selects this form.
soak: compiler ## Run all tests in their long form, then Schemathesis
	@$(MAKE) --no-print-directory test-tools
	SAVT_SOAK=1 RUST_TEST_THREADS=$(TEST_THREADS) cargo test --locked
	@$(MAKE) --no-print-directory schemathesis

openapi: compiler ## Write src/api/openapi.json, the description of the JSON API, from the code
	SAVT_WRITE_OPENAPI=1 cargo test --locked --lib api::openapi

# Needs Python and the network, once. For longer: make schemathesis MINUTES=60
schemathesis: compiler ## Let Schemathesis call the JSON API as its description says, for ten minutes on each database
	cargo build --locked
	tests/schemathesis/run "$${CARGO_TARGET_DIR:-target}/debug/savt" $(if $(filter command line,$(origin MINUTES)),$(MINUTES),10) \
		"$${CARGO_TARGET_DIR:-target}/test-tools"

# A table in Markdown with the total seconds of each folder of tests, which run in parallel.
times: compiler ## Measure how long each folder of tests takes
	@$(MAKE) --no-print-directory test-tools
	@RUSTC_BOOTSTRAP=1 RUST_TEST_THREADS=$(TEST_THREADS) cargo test --locked --test product -- \
		-Z unstable-options --report-time | tests/times

# On one database, for five minutes, with a given seed: make torture ARGS="sqlite --minutes 5 --seed 7"
# Only requests with a key, fewer of them: make torture ARGS="keys --requests 5000"
# Only commands of the operator: make torture ARGS="administration --commands 200"
torture: compiler ## Kill SAVT or its database while clients write, and check for lost or repeated changes; an hour per database
	@$(MAKE) --no-print-directory test-tools
	cargo test --locked --test torture -- --minutes 30 $(ARGS)

# The corpus starts with random inputs and stays in target/fuzz/corpus. One target, for longer: make fuzz FUZZ=rules MINUTES=10
# (ARGS are options of libFuzzer, for example ARGS="-seed=7"). Inputs that fail are stored in tests/fuzz/artifacts; the fuzzer
# prints how to repeat them. Leak detection is off, because connections that stay open between two inputs count as leaks.
FUZZ = rules requests parsers import
MINUTES = 1
fuzz: compiler ## Fuzz the rules, HTTP requests and all parsers, for a minute each; needs a nightly Rust
	@rustup run nightly rustc --version >/dev/null 2>&1 || { \
		echo "Fuzzing needs a nightly Rust. Please install one" \
			"(rustup toolchain install nightly --profile minimal)." >&2; exit 1; }
	@cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
	@cp Cargo.lock tests/fuzz/Cargo.lock
	@dir=$$(realpath -m "$${CARGO_TARGET_DIR:-target}")/fuzz; \
	export CARGO_TARGET_DIR="$$dir" TMPDIR="$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)"; \
	trap 'rm -r "$$TMPDIR"' EXIT; \
	for target in $(FUZZ); do \
		corpus="$$dir/corpus/$$target"; \
		[ -d "$$corpus" ] || { mkdir -p "$$corpus"; head -c 65536 /dev/urandom | split -b 1024 - "$$corpus/"; }; \
		cargo +nightly fuzz run --fuzz-dir tests/fuzz $$target "$$corpus" -- \
			-max_total_time=$$(($(MINUTES) * 60)) -max_len=4096 -len_control=0 -timeout=60 \
			-detect_leaks=0 -print_final_stats=1 $(ARGS) || exit 1; \
	done

# Uses the release profile. Nothing else should run on the machine. Some of the benchmarks: make bench ARGS="storm growth"
bench: compiler ## Compare SAVT with a bare server and bare databases; five minutes, results in target/bench
	RUSTFLAGS="$$RUSTFLAGS $(INLINE)" cargo bench --locked --bench benchmarks -- $(ARGS)

# By default, getrandom looks up its system call by name, which fails in a static program, and then opens
# /dev/urandom. This setting makes it use the system call directly.
STATIC = -C target-feature=+crt-static --cfg getrandom_backend="linux_getrandom" $(PACKED)

# Only small functions are copied into their callers: 1.3 MB less. Pages, changes and streams are not measurably slower.
INLINE = -C llvm-args=-inline-threshold=60

# The program can be loaded at any address and then adjusts 30,000 of its own. Packed, their list is 700 KB smaller. The C library that is
# linked reads it from version 2.36 on; an older one would crash.
PACKED = $(if $(filter $(HOST),$(TARGET)),$(shell getconf GNU_LIBC_VERSION 2>/dev/null | awk '{ split($$2, v, "."); \
	if (v[1] > 2 || v[1] == 2 && v[2] >= 36) print "-C link-arg=-Wl,-z,pack-relative-relocs" }'))

# RUSTFLAGS from the environment silently replaces the flags of a configuration file, so ours are
# appended to it and the result is checked. The target must be explicit, even if it is this machine:
# only then are procedural macros, which cannot be static, built without these flags.
release: compiler ## Build the static program ./savt
	unset CARGO_ENCODED_RUSTFLAGS; \
	SAVT_COMMIT="$$(git describe --always --dirty 2>/dev/null)" \
	RUSTFLAGS="$$RUSTFLAGS "'$(STATIC) $(INLINE)' \
		cargo build --locked --release --target $(TARGET)
	@ldd $(PROGRAM) 2>&1 | grep -Eq 'statically linked|not a dynamic executable' || \
		{ echo "$(PROGRAM) is not static: it needs shared libraries." >&2; exit 1; }
	@[ "$(TARGET)" != "$(HOST)" ] || $(PROGRAM) --version >/dev/null || { echo "$(PROGRAM) does not run." >&2; exit 1; }
	@size=$$(wc -c < $(PROGRAM)); \
	if [ "$$size" -gt $(MAX_BYTES) ]; then \
		echo "$(PROGRAM) has $$size bytes; the limit is $(MAX_BYTES)." >&2; exit 1; \
	fi; \
	install -m 755 $(PROGRAM) savt; \
	echo "./savt: $$size bytes, statically linked"

audit: ## Check dependencies for known vulnerabilities, licenses and sources; needs cargo-deny and the network
	@cargo deny --version >/dev/null 2>&1 || cargo install --locked cargo-deny
	cargo deny --locked check

fmt: ## Format the source
	cargo fmt

# SQLite and zstd are compiled from C source.
compiler:
	@echo '#include <stdlib.h>' | $(CC) -x c -fsyntax-only - 2>/dev/null || { \
		echo "SAVT contains SQLite, so the build needs a C compiler. Please install one" \
			"(on Debian and Ubuntu: apt-get install gcc libc6-dev)." >&2; exit 1; }

# The tests start their own PostgreSQL server, proxies and a browser.
test-tools:
	@tests/tools "$$(realpath -m "$${CARGO_TARGET_DIR:-target}")/test-tools"
