# What one does with SAVT's source. Each command is told by `make help`.

# Where the release is for: this machine, which the compiler knows best.
TARGET ?= $(shell rustc -vV | sed -n 's/^host: //p')
BUILT = $${CARGO_TARGET_DIR:-target}/$(TARGET)/release/savt
LARGEST = 20000000

.PHONY: help run test soak times torture fuzz audit bench release fmt compiler test-tools

help: ## List these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST)

# Not optimised: built in a minute instead of more than five, and quick enough to try SAVT with a
# group. Who wants all its speed, or to keep it, takes `make release`.
run: compiler ## Start SAVT at http://127.0.0.1:8000 (more options: make run ARGS="--help")
	cargo run --locked -- serve $(ARGS)

# Most tests wait for something, so more of them run than there are processors.
TEST_THREADS ?= $(shell echo $$(($$(nproc) * 4)))

test: compiler ## Check style and lints, then run all tests
	cargo fmt --check
	cargo clippy --locked --all-targets -- -D warnings
	@$(MAKE) --no-print-directory test-tools
	RUST_TEST_THREADS=$(TEST_THREADS) cargo test --locked

# The same tests with more people and for longer: 33 browsers, a minute of load. SAVT_SOAK says so to the tests.
soak: compiler ## Run all tests in their long form
	@$(MAKE) --no-print-directory test-tools
	SAVT_SOAK=1 RUST_TEST_THREADS=$(TEST_THREADS) cargo test --locked

# How long each folder of tests takes, as a table in Markdown: the seconds of all its tests, which run side by side.
times: compiler ## Measure how long each folder of tests takes
	@$(MAKE) --no-print-directory test-tools
	@RUSTC_BOOTSTRAP=1 RUST_TEST_THREADS=$(TEST_THREADS) cargo test --locked --test product -- \
		-Z unstable-options --report-time | tests/times

# On one of them, for a while, as it was: make torture ARGS="sqlite --minutes 5 --seed 7"
torture: compiler ## Kill SAVT and its database in storms of writers, for half an hour on each database, and see what is lost
	@$(MAKE) --no-print-directory test-tools
	cargo test --locked --test torture -- --minutes 30 $(ARGS)

# It begins with noise, and what it learns stays in target/fuzz/corpus. One of them, for longer: make fuzz FUZZ=rules MINUTES=10
# (more options are libFuzzer's: ARGS="-seed=7"). What it breaks is kept in tests/fuzz/artifacts, and told how to try again.
# Leaks are not looked for: of what a connection has between two inputs, some would count as such.
FUZZ = rules requests parsers
MINUTES = 1
fuzz: compiler ## Feed SAVT with what a fuzzer makes up, a minute each: wishes, requests, all else it reads; takes a nightly Rust
	@rustup run nightly rustc --version >/dev/null 2>&1 || { \
		echo "Fuzzing takes a nightly Rust: please install one" \
			"(rustup toolchain install nightly --profile minimal)." >&2; exit 1; }
	@cargo fuzz --version >/dev/null 2>&1 || cargo install --locked cargo-fuzz
	@cp Cargo.lock tests/fuzz/Cargo.lock
	@room=$$(realpath -m "$${CARGO_TARGET_DIR:-target}")/fuzz; \
	export CARGO_TARGET_DIR="$$room" TMPDIR="$$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)"; \
	trap 'rm -r "$$TMPDIR"' EXIT; \
	for target in $(FUZZ); do \
		corpus="$$room/corpus/$$target"; \
		[ -d "$$corpus" ] || { mkdir -p "$$corpus"; head -c 65536 /dev/urandom | split -b 1024 - "$$corpus/"; }; \
		cargo +nightly fuzz run --fuzz-dir tests/fuzz $$target "$$corpus" -- \
			-max_total_time=$$(($(MINUTES) * 60)) -max_len=4096 -len_control=0 -timeout=60 \
			-detect_leaks=0 -print_final_stats=1 $(ARGS) || exit 1; \
	done

# With the release's optimisation, and no other work on the machine, please. Some of it: make bench ARGS="storm growth"
bench: compiler ## Measure SAVT beside bare servers and databases, for about five minutes, into target/bench
	cargo bench --locked --bench figures -- $(ARGS)

# Besides being static, the program must not look for /dev/urandom: getrandom does, unless told to
# rely on the system call, because it cannot find that by name in a static program.
STATIC = -C target-feature=+crt-static --cfg getrandom_backend="linux_getrandom"

# A given RUSTFLAGS would replace the flags of a configuration file without a word, so ours come
# after it, and the result is looked at. The target must be named, even where it is this machine:
# only then are compiler plug-ins, which cannot be static, built without these flags.
release: compiler ## Build the static program ./savt
	unset CARGO_ENCODED_RUSTFLAGS; \
	SAVT_COMMIT="$$(git describe --always --dirty 2>/dev/null)" \
	RUSTFLAGS="$$RUSTFLAGS "'$(STATIC)' \
		cargo build --locked --release --target $(TARGET)
	@ldd $(BUILT) 2>&1 | grep -Eq 'statically linked|not a dynamic executable' || \
		{ echo "$(BUILT) is not static: it needs libraries that other machines may lack." >&2; exit 1; }
	@size=$$(wc -c < $(BUILT)); \
	if [ "$$size" -gt $(LARGEST) ]; then \
		echo "$(BUILT) has $$size bytes, more than the $(LARGEST) it may have." >&2; exit 1; \
	fi; \
	install -m 755 $(BUILT) savt; \
	echo "./savt: $$size bytes, statically linked"

audit: ## Check what SAVT is made of for known faults, licences and sources; takes cargo-deny, and the network
	@cargo deny --version >/dev/null 2>&1 || cargo install --locked cargo-deny
	cargo deny --locked check

fmt: ## Format the source
	cargo fmt

# SQLite and zstd come as C source.
compiler:
	@echo '#include <stdlib.h>' | $(CC) -x c -fsyntax-only - 2>/dev/null || { \
		echo "SAVT contains SQLite, so building it takes a C compiler: please install one" \
			"(on Debian and Ubuntu: apt-get install gcc libc6-dev)." >&2; exit 1; }

# The tests start a PostgreSQL of their own, and a browser.
test-tools:
	@missing=; \
	{ command -v initdb || ls /usr/lib/postgresql/*/bin/initdb; } >/dev/null 2>&1 || \
		missing="$$missing postgresql"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v chromedriver >/dev/null || missing="$$missing chromium-driver"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing what the tests need:$$missing"; \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && \
		apt-get install -qq --yes --no-install-recommends $$missing && exit 0; \
	fi; \
	echo "The tests need these packages, named as on Debian:$$missing. Please install them." >&2; \
	exit 1
