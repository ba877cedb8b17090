# advisor: build, test, install. `make help` lists the targets.
PREFIX ?= /usr/local
BUILD ?= build
ifeq ($(origin CC),default)
CC = gcc
endif
OPT ?= -O2
# Sanitizers and other compilers warn of what is not so.
DEV ?= $(if $(SANITIZE),,-Werror)
PACKAGES = gcc make pkg-config libcurl4-openssl-dev libjansson-dev libcsv-dev libgsl-dev \
           libcmocka-dev zlib1g-dev libzstd-dev liblz4-dev libsnappy-dev libyaml-dev \
           libisal-dev libsqlite3-dev
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes -Wvla $(DEV)
CFLAGS ?= -g
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(OPT) $(WARN) -Iinclude -MMD -MP $(CFLAGS) $(SANITIZE)
LIBS = -ljansson -lcsv -lgsl -lgslcblas -lz -lzstd -llz4 -lsnappy -lyaml \
       -lisal -lsqlite3 -lpthread -ldl -lm

sources := $(wildcard src/*/*.c pricing/*.c models/*.c)
library := $(sources:%.c=$(BUILD)/obj/%.o)
program := $(patsubst %.c,$(BUILD)/obj/%.o,$(wildcard advisor/*.c))
tests   := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/*.c))
fuzzers := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/fuzz/%,$(wildcard tests/fuzz/*.c))

all: $(BUILD)/advisor

# The price files become one image that the assembler puts into pricing/embedded.o.
prices := $(filter-out %/components.table,\
            $(sort $(wildcard pricing/data/*.prices pricing/data/*.table)))
image := $(BUILD)/prices.image
compiler := $(patsubst %,$(BUILD)/obj/pricing/%.o,book_build book_text catalogue_build) \
            $(filter $(BUILD)/obj/src/base/%,$(library))

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

$(BUILD)/libadvisor.a: $(library)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/advisor: $(program) $(BUILD)/libadvisor.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) $^ -o $@ $(LDFLAGS) $(LIBS)

$(BUILD)/compile_prices: tools/compile_prices.c $(compiler)
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -Ipricing $(filter %.c %.o,$^) -o $@ $(LDFLAGS) -lm

$(image): $(BUILD)/compile_prices $(prices)
	@echo "  PRICES $@"
	@$(BUILD)/compile_prices $@ $(prices)

$(BUILD)/obj/pricing/embedded.o: $(image)
$(BUILD)/obj/pricing/components.o: pricing/data/components.table
$(BUILD)/obj/pricing/embedded.o: private ALL_CFLAGS += -DPRICE_IMAGE='"$(image)"'

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) -c $< -o $@

$(BUILD)/obj/tests/%.o: private ALL_CFLAGS += -Itests -Isrc
.PRECIOUS: $(BUILD)/obj/%.o

$(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(BUILD)/libadvisor.a
	@mkdir -p $(@D)
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) $< $(BUILD)/libadvisor.a -o $@ $(LDFLAGS) -lcmocka $(LIBS)

# The example estate is made by its own seeded generator, the same bytes every time.
market := $(BUILD)/examples/marketplace
$(BUILD)/make_marketplace: $(wildcard examples/marketplace/*.[ch])
	@echo "  LD $@"
	@mkdir -p $(@D)
	@$(CC) $(ALL_CFLAGS) $(filter %.c,$^) -o $@ $(LDFLAGS) -lz -lm

$(market)/truth.json: $(BUILD)/make_marketplace $(wildcard examples/marketplace/*.yaml)
	@echo "  MAKE $(market)"
	@mkdir -p $(market)
	@$(BUILD)/make_marketplace $(market)
	@cp examples/marketplace/*.yaml $(market)

example: $(market)/truth.json ## make the example estate in build/examples

demo: ## install what is missing, build, review the example estate
	@tools/deps $(PACKAGES)
	@$(MAKE) --no-print-directory all example
	$(BUILD)/advisor review -C $(market)

test: $(BUILD)/advisor $(tests) $(market)/truth.json ## run every test
	@tests/run $(BUILD)

lint: ## rooms, headers that compile alone, cppcheck, the longest functions
	@CC="$(CC)" tests/check/lint

# Each target runs FUZZ_SECONDS; needs clang and its runtime (libclang-rt-14-dev).
FUZZ_SECONDS ?= 20
fuzz: ## build the fuzz targets and run each for FUZZ_SECONDS
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/fuzz CC=clang fuzzers \
	    SANITIZE="-fsanitize=address,undefined,fuzzer-no-link"
	@for f in $(fuzzers:$(BUILD)/%=$(BUILD)/fuzz/%); do echo "== $$f"; \
	    $$f -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=4096 -verbosity=0 \
	        -artifact_prefix=$(BUILD)/ || exit 1; done

fuzzers: $(fuzzers)
$(BUILD)/tests/fuzz/%: tests/fuzz/%.c $(BUILD)/libadvisor.a
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer -Isrc $< $(BUILD)/libadvisor.a -o $@ $(LDFLAGS) $(LIBS)

parquet: ## fetch DuckDB's library, which reads Parquet bills
	@tools/fetch-duckdb $(BUILD)/lib

bench: $(BUILD)/advisor ## measure against limits and peers; takes minutes
	@tests/bench/run $(BUILD)

$(BUILD)/bench/%: tests/bench/%.c $(BUILD)/libadvisor.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -Isrc $< $(BUILD)/libadvisor.a -o $@ $(LDFLAGS) $(LIBS)

bench-sizing: $(BUILD)/bench/sizing ## regret, errors and calibration of the sizing model
	@$(BUILD)/bench/sizing

install: $(BUILD)/advisor ## to PREFIX, /usr/local
	install -D -m 755 $(BUILD)/advisor $(DESTDIR)$(PREFIX)/bin/advisor
	install -D -m 644 docs/advisor.1 $(DESTDIR)$(PREFIX)/share/man/man1/advisor.1

packages:
	@echo $(PACKAGES)

deps: ## install the Debian packages that are missing
	@tools/deps $(PACKAGES)

clean: ## remove what was built
	rm -rf $(BUILD)

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)
.PHONY: all parquet help example demo test lint fuzz fuzzers bench bench-sizing install packages deps clean
