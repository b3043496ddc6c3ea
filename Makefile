# Everything is built under build/; `make help` lists the targets. No file is
# named here: sources, tests and rules are found by their folder.

MODE ?= debug
OUT := build/$(MODE)
PREFIX ?= /usr/local

# Third-party sources, from package-lock.json unless these say otherwise.
TREE_SITTER_DIR ?= node_modules/tree-sitter/vendor/tree-sitter/lib
TREE_SITTER_PYTHON_DIR ?= node_modules/tree-sitter-python
TREE_SITTER_TOML_DIR ?= node_modules/@tree-sitter-grammars/tree-sitter-toml
-include local.mk
export TREE_SITTER_DIR TREE_SITTER_PYTHON_DIR TREE_SITTER_TOML_DIR

SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_debug := -O1 -g $(SANITIZE)
CFLAGS_release := -O2 -DNDEBUG
CFLAGS_plain := -O1 -g
CFLAGS_coverage := -O0 -g --coverage
CFLAGS_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined
ifeq ($(MODE),fuzz)
CC := clang
endif
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
        -Wpointer-arith -Wvla -Wwrite-strings -Wswitch
CFLAGS := -std=c11 $(WARN) $(CFLAGS_$(MODE)) $(EXTRA_CFLAGS)
CPPFLAGS := -D_GNU_SOURCE -Ianalyzer -Irules -I$(OUT) -isystem $(TREE_SITTER_DIR)/include \
            $(EXTRA_CPPFLAGS)
# Their code, their warnings.
THIRD_CFLAGS := -std=c11 -D_GNU_SOURCE -w -I$(TREE_SITTER_DIR)/include -I$(TREE_SITTER_DIR)/src \
                $(CFLAGS_$(MODE)) $(EXTRA_CFLAGS)

# A library is linked statically where the machine has the archive.
static_or_shared = $(if $(filter /%,$(shell $(CC) -print-file-name=lib$(1).a)),-l:lib$(1).a,-l$(1))
LDLIBS = $(call static_or_shared,jansson) $(call static_or_shared,xxhash) -lm -lpthread

# Folders in the order of the pipeline: each uses only those before it.
FOLDERS := base input syntax flow project state program rules triage report fix
RULES := $(patsubst rules/%/rule.c,%,$(sort $(wildcard rules/[!_]*/rule.c)))
SRC_rules := $(wildcard rules/*.c) $(RULES:%=rules/%/rule.c)
$(foreach f,$(filter-out rules,$(FOLDERS)),$(eval SRC_$(f) := $(wildcard analyzer/$(f)/*.c)))
SRC_top := $(filter-out analyzer/main.c,$(wildcard analyzer/*.c))
SRC_support := $(filter-out tests/test_%.c tests/fuzz_%.c,$(wildcard tests/*.c))
LIBRARIES := $(FOLDERS) top support
SOURCES := $(foreach l,$(LIBRARIES),$(SRC_$(l))) $(wildcard analyzer/main.c tests/test_*.c \
           tests/fuzz_*.c bench/*.c tools/*.c)
OBJECTS := $(SOURCES:%.c=$(OUT)/%.o)
HEADERS := $(wildcard analyzer/*.h analyzer/*/*.h rules/*.h tests/*.h)
TESTS := $(patsubst tests/%.c,%,$(wildcard tests/test_*.c))
SCRIPTS := $(wildcard tests/test_*.sh)
EMBEDDED := $(sort $(wildcard queries/*.scm rules/protocols/*.json rules/slow-calls/*.json \
            rules/[!_]*/rule.md))
THIRD := core python-parser python-scanner toml-parser toml-scanner
SETUP := build/setup-build

# UPTO_flow := flow syntax input base, the order in which a linker wants them.
define folder_upto
SEEN := $(1) $$(SEEN)
UPTO_$(1) := $$(SEEN)
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_upto,$(f))))
EVERYTHING := top $(SEEN)
archives = $(1:%=$(OUT)/lib/%.a) $(OUT)/lib/third.a

# A test named after a module is linked with the folders up to that module's; any other with all.
module_folder = $(firstword $(patsubst analyzer/%/,%,$(dir $(wildcard analyzer/*/$(1).c))) \
                $(if $(wildcard rules/$(1).c),rules))
test_libraries = support $(or $(UPTO_$(call module_folder,$(1))),$(EVERYTHING))

# V=1 shows the commands.
Q := $(if $(V),,@)
say = @$(if $(V),:,printf '  %-6s %s\n' $(1) $@)

.SECONDEXPANSION:
.SECONDARY:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
FORCE:

all: debug ## the same as debug

debug release: $(SETUP) ## build/debug/idletx with sanitizers, build/release/idletx
	@+$(MAKE) --no-print-directory MODE=$@ build/$@/idletx

$(SETUP): tools/setup.sh package-lock.json
	@mkdir -p $(@D)
	@tools/setup.sh build
	@touch $@

# Compile and link

$(OUT)/idletx: $(OUT)/analyzer/main.o $(call archives,$(EVERYTHING))
	$(call say,link)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) $(LDLIBS)

$(OUT)/%.o: %.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	$(call say,cc)
	$Q$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/analyzer/base/%.o: WARN += -Wconversion
$(OUT)/analyzer/base/stb_ds.o: WARN :=

# Objects of a library that are gone from the tree must go from the archive too.
$(LIBRARIES:%=$(OUT)/lib/%.list): $(OUT)/lib/%.list: FORCE
	@mkdir -p $(@D)
	@echo '$(SRC_$*)' | cmp -s - $@ || echo '$(SRC_$*)' > $@
$(LIBRARIES:%=$(OUT)/lib/%.a): $(OUT)/lib/%.a: $$(addprefix $(OUT)/,$$(SRC_$$*:.c=.o)) $(OUT)/lib/%.list
	@rm -f $@ && $(AR) qcs $@ $(filter %.o,$^)
$(OUT)/lib/base.a: $(OUT)/embedded.o
$(OUT)/lib/third.a: $(THIRD:%=$(OUT)/third/%.o)
	@rm -f $@ && $(AR) rcs $@ $^

# The lock file names the versions; the dates of files in node_modules say nothing.
THIRD_core := $(TREE_SITTER_DIR)/src/lib.c
$(foreach p,parser scanner,$(eval THIRD_python-$(p) := $(TREE_SITTER_PYTHON_DIR)/src/$(p).c))
$(foreach p,parser scanner,$(eval THIRD_toml-$(p) := $(TREE_SITTER_TOML_DIR)/src/$(p).c))
$(THIRD:%=$(OUT)/third/%.o): $(OUT)/third/%.o: package-lock.json Makefile | $(SETUP)
	@mkdir -p $(@D)
	$(call say,cc)
	$Q$(CC) $(THIRD_CFLAGS) -I$(dir $(THIRD_$*)) -c -o $@ $(THIRD_$*)

# Generated: the rule table is the list of folders, the embedded files are the files.

$(OUT)/rules.inc: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' $(RULES:%='RULE(%)') | tr - _ > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(OUT)/rules/rule.o: $(OUT)/rules.inc

$(OUT)/embedded.list: FORCE
	@mkdir -p $(@D)
	@echo '$(EMBEDDED)' | cmp -s - $@ || echo '$(EMBEDDED)' > $@
build/tools/embed: tools/embed.c Makefile | $(SETUP)
	@mkdir -p $(@D)
	$(call say,cc)
	$Q$(CC) -std=c11 $(WARN) -O1 -o $@ $<
$(OUT)/embedded.c: build/tools/embed $(OUT)/embedded.list $(EMBEDDED)
	$(call say,embed)
	$Qbuild/tools/embed $@ $(EMBEDDED)
$(OUT)/embedded.o: $(OUT)/embedded.c Makefile
	$Q$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Tests

$(OUT)/test_%: $(OUT)/tests/test_%.o $$(call archives,$$(call test_libraries,$$*))
	$(call say,link)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
		-lcmocka $(LDLIBS)

test: ## every test and case file, with sanitizers; T="arena cases" runs only those
	@tools/setup.sh build test
	@+$(MAKE) --no-print-directory MODE=debug run-tests

ifdef T
run-tests: $(T:%=$(OUT)/test_%)
	@tools/run-tests.sh $^
else
run-tests: $(OUT)/idletx $(TESTS:%=$(OUT)/%)
	@IDLETX=$(OUT)/idletx tools/run-tests.sh $(filter-out $<,$^) $(SCRIPTS)
endif

clean: ## remove build/
	rm -rf build compile_commands.json

help: ## this list
	@awk -F':.*## ' '/^[a-z -]+:.*## /{printf "  %-14s %s\n", $$1, $$2}' Makefile

.PHONY: all debug release test run-tests clean help FORCE

-include $(OBJECTS:.o=.d)
