# Two Swift configurations from the same sources: the library is Embedded Swift (.build-emb), tests and the command are
# ordinary Swift (.build); sanitizers have scratch paths of their own. What is left for the user stands in build/.
#   make            build/lib/libpmix.so.2 (libpmix.so, pkgconfig/pmix.pc), build/lib/libspread.so.3,
#                   build/lib/libflux-core.so.2 (libflux-core.so, pkgconfig/flux-core.pc) and build/bin/muster
#   make run        an MPI job under Debian's mpirun on our library; a chat of three in Flush Spread; two programs of Flux
#   make test       everything that is checked; the last line is the sum
#   make interop    servers and clients of every release against ours, as a matrix
#   make bench      ours and the original, interleaved
#   make asan       the C tests on an ordinary build of libraries and command with AddressSanitizer and its leak check
#   make install PREFIX=/usr/local DESTDIR=
#   make format | lint | clean
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
BUILD := build
VERSION := $(shell sed -n 's/^let musterVersion = "\(.*\)"$$/\1/p' Sources/muster/Muster.swift)
PMIX_VERSION := 4.2.2
FLUX_VERSION := 0.88.0
# Programs are linked with any of these; the original has the core alone under some of them.
SPREAD_NAMES := libspread.so libspread-core.so.3 libtspread-core.so.3 libtspread.so
SWIFT_SOURCES := Package.swift Sources Tests

# Asked only by the recipes that need it, and once.
RESOURCES = $(eval RESOURCES := $$(shell $(SWIFT)c -print-target-info | \
    sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p'))$(RESOURCES)

BUILD_PACKAGES := gcc libc6-dev binutils libevent-dev libhwloc-dev libjansson-dev libsqlite3-dev zlib1g-dev
RUN_PACKAGES := $(BUILD_PACKAGES) openmpi-bin libopenmpi-dev
TEST_PACKAGES := $(RUN_PACKAGES) g++ libpmix-dev libpmix-bin python3 python3-venv python3-pmix libhwloc15 libmunge2 \
    slurm-wlm slurm-wlm-basic-plugins munge

.PHONY: all library command run test interop bench asan install format lint clean FORCE \
    packages-run packages-test packages-build

all: library command

# ---- the shipped library
library: $(BUILD)/lib/libpmix.so.2 $(BUILD)/lib/libpmix.so $(BUILD)/lib/pkgconfig/pmix.pc libspread libflux

.PHONY: libspread
libspread: $(BUILD)/lib/libspread.so.3 $(addprefix $(BUILD)/lib/,$(SPREAD_NAMES))

.PHONY: libflux
libflux: $(BUILD)/lib/libflux-core.so.2 $(BUILD)/lib/libflux-core.so $(BUILD)/lib/pkgconfig/flux-core.pc

# Names of the list are global, everything else is local; the original has no symbol versions. Touched only when it changes.
$(BUILD)/libpmix.map: LIST := Include/libpmix.so.2.symbols
$(BUILD)/libspread.map: LIST := Include/libspread.so.3.symbols
$(BUILD)/libflux-core.map: LIST := Include/libflux-core.so.2.symbols
$(BUILD)/libpmix.map $(BUILD)/libspread.map $(BUILD)/libflux-core.map: FORCE
	@mkdir -p $(@D)
	@{ echo '{'; echo '  global:'; awk '!/^#/ && NF { print "    " $$1 ";" }' $(LIST); \
	    echo '  local: *;'; echo '};'; } > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

# SwiftPM does not know that the version script is an input, so the product of an older one is removed.
define build-pmix
	@if [ $(BUILD)/libpmix.map -nt $(1)/libpmix.so ]; then rm -f $(1)/libpmix.so; fi
	@MUSTER_PMIX_MAP=$(abspath $(BUILD))/libpmix.map SWIFT_RESOURCES=$(RESOURCES) $(2)
endef

# First the objects, then the order of what is in them, then the link.
.build-emb/release/libpmix.so: $(BUILD)/libpmix.map FORCE
	@SWIFT_RESOURCES=$(RESOURCES) MUSTER_EMBEDDED=1 $(SWIFT) build -c release --scratch-path .build-emb --target PMIxABI
	@scripts/symbol-order.sh .build-emb/release > $(BUILD)/libpmix.order.new
	@if cmp -s $(BUILD)/libpmix.order.new $(BUILD)/libpmix.order; then rm $(BUILD)/libpmix.order.new; \
	    else mv $(BUILD)/libpmix.order.new $(BUILD)/libpmix.order; rm -f $@; fi
	$(call build-pmix,.build-emb/release,MUSTER_SYMBOL_ORDER=$(abspath $(BUILD))/libpmix.order MUSTER_EMBEDDED=1 \
	    $(SWIFT) build -c release --scratch-path .build-emb --disable-local-rpath --product pmix)

# The section .muster tells `muster doctor` whose library it looks at. A running job may have the old file mapped, so it
# is replaced, never written over.
$(BUILD)/lib/libpmix.so.2: .build-emb/release/libpmix.so
	@mkdir -p $(@D) $(BUILD)/debug
	@printf 'Muster %s' '$(VERSION)' > $(BUILD)/muster.section
	@objcopy --only-keep-debug $< $(BUILD)/debug/libpmix.so.2.debug
	@objcopy --strip-unneeded --add-gnu-debuglink=$(BUILD)/debug/libpmix.so.2.debug \
	    --add-section .muster=$(BUILD)/muster.section $< $@.new
	@mv -f $@.new $@

$(BUILD)/lib/libpmix.so: | $(BUILD)/lib/libpmix.so.2
	@ln -sfn libpmix.so.2 $@

define build-spread
	@if [ $(BUILD)/libspread.map -nt $(1)/libspread.so ]; then rm -f $(1)/libspread.so; fi
	@MUSTER_SPREAD_MAP=$(abspath $(BUILD))/libspread.map SWIFT_RESOURCES=$(RESOURCES) $(2)
endef

# After the other library: two builds in one scratch path wait for each other anyway.
.build-emb/release/libspread.so: $(BUILD)/libspread.map FORCE | .build-emb/release/libpmix.so
	$(call build-spread,.build-emb/release,MUSTER_EMBEDDED=1 \
	    $(SWIFT) build -c release --scratch-path .build-emb --disable-local-rpath --product spread)

$(BUILD)/lib/libspread.so.3: .build-emb/release/libspread.so
	@mkdir -p $(@D) $(BUILD)/debug
	@objcopy --only-keep-debug $< $(BUILD)/debug/libspread.so.3.debug
	@objcopy --strip-unneeded --add-gnu-debuglink=$(BUILD)/debug/libspread.so.3.debug $< $@.new
	@mv -f $@.new $@

$(addprefix $(BUILD)/lib/,$(SPREAD_NAMES)): | $(BUILD)/lib/libspread.so.3
	@ln -sfn libspread.so.3 $@

define build-flux
	@if [ $(BUILD)/libflux-core.map -nt $(1)/libflux-core.so ]; then rm -f $(1)/libflux-core.so; fi
	@MUSTER_FLUX_MAP=$(abspath $(BUILD))/libflux-core.map SWIFT_RESOURCES=$(RESOURCES) $(2)
endef

.build-emb/release/libflux-core.so: $(BUILD)/libflux-core.map FORCE | .build-emb/release/libspread.so
	$(call build-flux,.build-emb/release,MUSTER_EMBEDDED=1 \
	    $(SWIFT) build -c release --scratch-path .build-emb --disable-local-rpath --product flux-core)

$(BUILD)/lib/libflux-core.so.2: .build-emb/release/libflux-core.so
	@mkdir -p $(@D) $(BUILD)/debug
	@objcopy --only-keep-debug $< $(BUILD)/debug/libflux-core.so.2.debug
	@objcopy --strip-unneeded --add-gnu-debuglink=$(BUILD)/debug/libflux-core.so.2.debug $< $@.new
	@mv -f $@.new $@

$(BUILD)/lib/libflux-core.so: | $(BUILD)/lib/libflux-core.so.2
	@ln -sfn libflux-core.so.2 $@

# Writes pkg-config's description: $(call pmix-pc,FILE,PREFIX,LIBRARIES,HEADERS).
define pmix-pc
	@printf '%s\n' 'prefix=$(2)' 'libdir=$(3)' 'includedir=$(4)' '' 'Name: pmix' \
	    'Description: Process Management Interface - Exascale, as implemented by Muster' \
	    'Version: $(PMIX_VERSION)' 'Libs: -L$${libdir} -lpmix' 'Cflags: -I$${includedir}' > $(1)
endef

# As above; the programs' `#include <flux/core.h>` counts from the folder of the headers.
define flux-pc
	@printf '%s\n' 'prefix=$(2)' 'libdir=$(3)' 'includedir=$(4)' '' 'Name: flux-core' \
	    'Description: Flux messages, RPC, futures and reactor, as implemented by Muster' \
	    'Version: $(FLUX_VERSION)' 'Libs: -L$${libdir} -lflux-core' 'Cflags: -I$${includedir}' > $(1)
endef

$(BUILD)/lib/pkgconfig/flux-core.pc: Makefile
	@mkdir -p $(@D)
	$(call flux-pc,$@,$(abspath $(BUILD)),$(abspath $(BUILD)/lib),$(abspath Include))

$(BUILD)/lib/pkgconfig/pmix.pc: Makefile
	@mkdir -p $(@D)
	$(call pmix-pc,$@,$(abspath $(BUILD)),$(abspath $(BUILD)/lib),$(abspath Include/pmix))

# ---- the command
command: $(BUILD)/bin/muster

.build/release/muster: FORCE
	@$(SWIFT) build -c release --scratch-path .build --static-swift-stdlib --product muster

$(BUILD)/bin/muster: .build/release/muster
	@mkdir -p $(@D)
	@strip -o $@.new $<
	@mv -f $@.new $@

# ---- installing what is missing
packages-run packages-test packages-build: packages-%:
	@scripts/require-packages.sh $(PACKAGES)
packages-build: PACKAGES := $(BUILD_PACKAGES)
packages-run: PACKAGES := $(RUN_PACKAGES)
packages-test: PACKAGES := $(TEST_PACKAGES)

# ---- running and checking; the sub-makes come after the packages, whatever -j says
run: packages-run
	@$(MAKE) --no-print-directory all
	@CTests/rigs/run-table.sh $(BUILD)
	@printf '\nmuster spread, and three members of a chat in Flush Spread\n'
	@bash CTests/spread/chat-room.sh $(BUILD)
	@printf '\nmuster broker, and both programs of flux_rpc(3)\n'
	@bash CTests/flux/show.sh $(BUILD)

test: packages-test
	@$(MAKE) --no-print-directory all
	@SWIFT="$(SWIFT)" scripts/test.sh $(BUILD)

interop: packages-test
	@$(MAKE) --no-print-directory all
	@CTests/interop/matrix.sh $(BUILD)

bench: packages-test
	@$(MAKE) --no-print-directory all
	@CTests/bench/run.sh $(BUILD)
	@bash CTests/bench/spread.sh $(BUILD)
	@bash CTests/bench/spread-soak.sh $(BUILD) 300000
	@bash CTests/bench/flux.sh $(BUILD)

# Our library in ordinary Swift with AddressSanitizer; the C programs bring the runtime along.
.build-asan/debug/libpmix.so: $(BUILD)/libpmix.map FORCE
	$(call build-pmix,.build-asan/debug,$(SWIFT) build --sanitize=address --scratch-path .build-asan --product pmix)

$(BUILD)/asan/lib/libpmix.so.2: .build-asan/debug/libpmix.so
	@mkdir -p $(@D)
	@cp $< $@.new
	@mv -f $@.new $@
	@ln -sfn libpmix.so.2 $(@D)/libpmix.so

.build-asan/debug/libspread.so: $(BUILD)/libspread.map FORCE | .build-asan/debug/libpmix.so
	$(call build-spread,.build-asan/debug,$(SWIFT) build --sanitize=address --scratch-path .build-asan --product spread)

$(BUILD)/asan/lib/libspread.so.3: .build-asan/debug/libspread.so
	@mkdir -p $(@D)
	@cp $< $@.new
	@mv -f $@.new $@
	@for name in $(SPREAD_NAMES); do ln -sfn libspread.so.3 $(@D)/$$name; done

.build-asan/debug/libflux-core.so: $(BUILD)/libflux-core.map FORCE | .build-asan/debug/libspread.so
	$(call build-flux,.build-asan/debug,$(SWIFT) build --sanitize=address --scratch-path .build-asan --product flux-core)

$(BUILD)/asan/lib/libflux-core.so.2: .build-asan/debug/libflux-core.so
	@mkdir -p $(@D)
	@cp $< $@.new
	@mv -f $@.new $@
	@ln -sfn libflux-core.so.2 $(@D)/libflux-core.so

# The command, which serves some of the tests.
.build-asan/debug/muster: FORCE | .build-asan/debug/libflux-core.so
	@$(SWIFT) build --sanitize=address --scratch-path .build-asan --product muster

$(BUILD)/asan/bin/muster: .build-asan/debug/muster
	@mkdir -p $(@D)
	@cp $< $@.new
	@mv -f $@.new $@

asan: packages-test
	@$(MAKE) --no-print-directory $(addprefix $(BUILD)/asan/lib/,libpmix.so.2 libspread.so.3 libflux-core.so.2) \
	    $(BUILD)/asan/bin/muster
	@CC="$$(dirname "$$(readlink -f "$$(command -v $(SWIFT)c)")")/clang" MUSTER_SANITIZE=address \
	    ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 MUSTER_TEST_LIMIT=600 CTests/run.sh $(BUILD)/asan

# ---- the rest
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib/pkgconfig $(DESTDIR)$(PREFIX)/include \
	    $(DESTDIR)$(PREFIX)/share/man/man1
	install -m 755 $(BUILD)/bin/muster $(DESTDIR)$(PREFIX)/bin/muster
	install -m 644 $(BUILD)/lib/libpmix.so.2 $(DESTDIR)$(PREFIX)/lib/libpmix.so.2
	ln -sfn libpmix.so.2 $(DESTDIR)$(PREFIX)/lib/libpmix.so
	install -m 644 $(BUILD)/lib/libspread.so.3 $(DESTDIR)$(PREFIX)/lib/libspread.so.3
	for name in $(SPREAD_NAMES); do ln -sfn libspread.so.3 $(DESTDIR)$(PREFIX)/lib/$$name; done
	install -m 644 $(BUILD)/lib/libflux-core.so.2 $(DESTDIR)$(PREFIX)/lib/libflux-core.so.2
	ln -sfn libflux-core.so.2 $(DESTDIR)$(PREFIX)/lib/libflux-core.so
	install -d $(DESTDIR)$(PREFIX)/include/flux/core
	install -m 644 Include/flux/core.h $(DESTDIR)$(PREFIX)/include/flux/core.h
	install -m 644 Include/flux/core/*.h $(DESTDIR)$(PREFIX)/include/flux/core/
	install -m 644 Include/pmix/*.h Include/spread/*.h $(DESTDIR)$(PREFIX)/include/
	install -m 644 man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	$(call pmix-pc,$(BUILD)/pmix.pc,$(PREFIX),$(PREFIX)/lib,$(PREFIX)/include)
	$(call flux-pc,$(BUILD)/flux-core.pc,$(PREFIX),$(PREFIX)/lib,$(PREFIX)/include)
	install -m 644 $(BUILD)/flux-core.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/flux-core.pc
	install -m 644 $(BUILD)/pmix.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/pmix.pc

format:
	$(SWIFT) format --in-place --recursive $(SWIFT_SOURCES)

lint:
	$(SWIFT) format lint --strict --recursive $(SWIFT_SOURCES)

clean:
	rm -rf build .build .build-emb .build-asan .build-tsan
