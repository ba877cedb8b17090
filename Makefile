# advisor: build, test, install. `make help` lists the targets.
PREFIX ?= /usr/local
BUILD ?= build
CC ?= gcc
OPT ?= -O2
DEV ?= -Werror
PACKAGES = gcc make pkg-config libcurl4-openssl-dev libjansson-dev libcsv-dev libgsl-dev \
           libcmocka-dev zlib1g-dev libzstd-dev liblz4-dev libsnappy-dev libyaml-dev \
           libsqlite3-dev libisal-dev
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wmissing-prototypes -Wvla $(DEV)
CFLAGS ?= -g
ALL_CFLAGS = -std=c17 -D_GNU_SOURCE $(OPT) $(WARN) -Iinclude -MMD -MP $(CFLAGS) $(SANITIZE)
LIBS = -lcurl -ljansson -lcsv -lgsl -lgslcblas -lz -lzstd -llz4 -lsnappy -lyaml -lsqlite3 \
       -lisal -lpthread -ldl -lm

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

help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 16

$(BUILD)/libadvisor.a: $(library)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/advisor: $(program) $(BUILD)/libadvisor.a
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) $^ -o $@ $(LDFLAGS) $(LIBS)

$(BUILD)/compile_prices: tools/compile_prices.c $(compiler)
	@echo "  LD $@"
	@$(CC) $(ALL_CFLAGS) -Ipricing $^ -o $@ $(LDFLAGS) -lm

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

$(BUILD)/tests/unit/%: tests/unit/%.c $(BUILD)/libadvisor.a
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(ALL_CFLAGS) -Itests -Isrc $< $(BUILD)/libadvisor.a -o $@ $(LDFLAGS) -lcmocka $(LIBS)

test: $(BUILD)/advisor $(tests) ## run every test
	@tests/run $(BUILD)

clean:
	rm -rf $(BUILD)

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d $(BUILD)/*/*/*.d $(BUILD)/*/*/*/*.d)
.PHONY: all help test clean
