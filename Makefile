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
        -Wpointer-arith -Wvla -Wwrite-strings -Wswitch -Wconversion
CFLAGS := -std=c11 $(WARN) $(CFLAGS_$(MODE)) $(EXTRA_CFLAGS)
CPPFLAGS := -D_GNU_SOURCE -Ianalyzer -Irules -I$(OUT) -isystem $(TREE_SITTER_DIR)/include \
            $(EXTRA_CPPFLAGS)
# Their code, their warnings. The fuzzer is to look for paths in ours.
THIRD_CFLAGS_fuzz := -O2 -g -fsanitize=address
# The scanners allocate where the core does.
THIRD_CFLAGS := -std=c11 -D_GNU_SOURCE -DTREE_SITTER_REUSE_ALLOCATOR -w -I$(TREE_SITTER_DIR)/include -I$(TREE_SITTER_DIR)/src \
                $(or $(THIRD_CFLAGS_$(MODE)),$(CFLAGS_$(MODE))) $(EXTRA_CFLAGS)

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
SCHEMA := rules/protocols/schema.json
PROTOCOLS := $(filter-out $(SCHEMA),$(sort $(wildcard rules/protocols/*.json)))
EMBEDDED := $(sort $(PROTOCOLS) $(wildcard queries/*.scm rules/slow-calls/*.json rules/[!_]*/rule.md))
THIRD := core python-parser python-scanner toml-parser toml-scanner
MAKE_MODE := $(MAKE) --no-print-directory MODE

# UPTO_flow := flow syntax input base, the order in which a linker wants them.
define folder_upto
SEEN := $(1) $$(SEEN)
UPTO_$(1) := $$(SEEN)
endef
$(foreach f,$(FOLDERS),$(eval $(call folder_upto,$(f))))
EVERYTHING := top $(SEEN)
archives = $(1:%=$(OUT)/lib/%.a) $(OUT)/lib/third.a

# A test is linked with the folders up to the last one that it includes from; one that
# includes helpers of tests, or none, with all. So a test does not wait for later phases.
RULE_HEADERS := $(notdir $(wildcard rules/*.h))
included = $(shell sed -nE 's|^.include "([a-z_]+)/.*|\1|p; s|^.include "([a-z_]+\.h)"|\1|p' tests/$(1).c)
last_folder = $(lastword $(filter $(1) $(if $(filter $(RULE_HEADERS),$(1)),rules),$(FOLDERS)))
libraries_for = $(if $(filter-out $(RULE_HEADERS),$(filter %.h,$(1))),support $(EVERYTHING),$(or \
                $(UPTO_$(call last_folder,$(1))),$(EVERYTHING)))
test_archives = $(call archives,$(call libraries_for,$(call included,$(1))))

# V=1 shows the commands.
Q := $(if $(V),,@)
say = @$(if $(V),:,printf '  %-6s %s\n' $(1) $@)

.SECONDEXPANSION:
.SECONDARY:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
FORCE:

all: debug ## the same as debug

debug: build/setup-build ## build/debug/idletx, with sanitizers
	@+$(MAKE_MODE)=debug build/debug/idletx
release: build/setup-build ## build/release/idletx
	@+$(MAKE_MODE)=release build/release/idletx

# A part of the set-up is looked at again when its recipe or the lock file changed, or the
# sources are gone.
build/setup-build: tools/setup.sh package-lock.json $(if $(wildcard $(TREE_SITTER_DIR)/src/lib.c),,FORCE)
	@mkdir -p $(@D)
	@tools/setup.sh build
	@touch $@
build/setup-%: build/setup-build
	@tools/setup.sh build $*
	@touch $@

# Compile and link

$(OUT)/idletx: $(OUT)/analyzer/main.o $(call archives,$(EVERYTHING))
	$(call say,link)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) $(LDLIBS)

# Objects are made again when the way they are made has changed.
keep = mkdir -p $(@D) && { echo '$(1)' | cmp -s - $@ || echo '$(1)' > $@; }
$(OUT)/flags: FORCE | build/setup-build
	@$(call keep,$(CC) $(CPPFLAGS) $(CFLAGS))
$(OUT)/third/flags: FORCE | build/setup-build
	@$(call keep,$(CC) $(THIRD_CFLAGS))

$(OUT)/%.o: %.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,cc)
	$Q$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/analyzer/base/stb_ds.o: WARN :=

# Objects of a library that are gone from the tree must go from the archive too. Many rules
# have a rule.o, which is why members are appended ("q") and never replaced.
archive = rm -f $@.new && $(AR) qcs $@.new $(filter %.o,$^) && mv $@.new $@
$(LIBRARIES:%=$(OUT)/lib/%.list): $(OUT)/lib/%.list: FORCE
	@$(call keep,$(SRC_$*))
$(LIBRARIES:%=$(OUT)/lib/%.a): $(OUT)/lib/%.a: $$(addprefix $(OUT)/,$$(SRC_$$*:.c=.o)) $(OUT)/lib/%.list
	@$(archive)
$(OUT)/lib/base.a: $(OUT)/embedded.o
$(OUT)/lib/third.a: $(THIRD:%=$(OUT)/third/%.o)
	@$(archive)

# The lock file names the versions; the dates of files in node_modules say nothing.
THIRD_core := $(TREE_SITTER_DIR)/src/lib.c
$(foreach p,parser scanner,$(eval THIRD_python-$(p) := $(TREE_SITTER_PYTHON_DIR)/src/$(p).c))
$(foreach p,parser scanner,$(eval THIRD_toml-$(p) := $(TREE_SITTER_TOML_DIR)/src/$(p).c))
$(THIRD:%=$(OUT)/third/%.o): $(OUT)/third/%.o: package-lock.json $(OUT)/third/flags
	@mkdir -p $(@D)
	$(call say,cc)
	$Q$(CC) $(THIRD_CFLAGS) -I$(dir $(THIRD_$*)) -c -o $@ $(THIRD_$*)

# Generated: the rule table is the list of folders, the embedded files are the files.

$(OUT)/rules.inc: FORCE
	@mkdir -p $(@D)
	@for r in $(subst -,_,$(RULES)); do echo "RULE($$r)"; done > $@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi
$(OUT)/rules/rule.o: $(OUT)/rules.inc

$(OUT)/embedded.list: FORCE
	@$(call keep,$(EMBEDDED))
$(OUT)/embed: tools/embed.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,cc)
	$Q$(CC) -std=c11 $(WARN) -O1 -o $@ $<
$(OUT)/schema: tools/schema.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call say,cc)
	$Q$(CC) -std=c11 $(WARN) -O1 -o $@ $< $(call static_or_shared,jansson)
$(OUT)/protocols.valid: $(OUT)/schema $(SCHEMA) $(PROTOCOLS)
	$(call say,check)
	$Q$(OUT)/schema $(SCHEMA) $(PROTOCOLS)
	@touch $@
$(OUT)/embedded.c: $(OUT)/embed $(OUT)/embedded.list $(EMBEDDED) $(OUT)/protocols.valid
	$(call say,embed)
	$Q$(OUT)/embed $@ $(EMBEDDED)
$(OUT)/embedded.o: $(OUT)/embedded.c $(OUT)/flags
	$Q$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

# Tests

$(OUT)/test_%: $(OUT)/tests/test_%.o $$(call test_archives,test_$$*)
	$(call say,link)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< -Wl,--start-group $(filter %.a,$^) -Wl,--end-group \
		-lcmocka $(LDLIBS)

# It runs the checker, which must not be an old one.
$(OUT)/test_cases: | $(OUT)/idletx

test: build/setup-test ## every test and case, with sanitizers; T="arena pool" runs only those
	@+$(MAKE_MODE)=debug run-tests

ifdef T
run-tests: $(T:%=$(OUT)/test_%)
	@IDLETX=$(OUT)/idletx tools/run-tests.sh $^
else
run-tests: $(OUT)/idletx $(TESTS:%=$(OUT)/%)
	@IDLETX=$(OUT)/idletx tools/run-tests.sh $(SCRIPTS) $(TESTS:%=$(OUT)/%)
endif

bless: build/setup-test ## rewrite what golden tests expect, and print the difference
	@+BLESS=1 $(MAKE_MODE)=debug run-tests
	@git --no-pager diff -- fixtures tests

valgrind: build/setup-valgrind ## the tests without sanitizers, under valgrind
	@+RUNNER='valgrind -q --error-exitcode=9 --leak-check=full' $(MAKE_MODE)=plain run-programs
coverage: build/setup-test ## lines that the tests execute, by file
	-@+$(MAKE_MODE)=coverage run-tests
	@tools/coverage.sh build/coverage
run-programs: $(TESTS:%=$(OUT)/%)
	@IDLETX=$(OUT)/idletx tools/run-tests.sh $^

oracle: build/setup-oracle ## each rule on a real PostgreSQL, on three stacks; C="lost-write" runs those cases only
	@+$(MAKE_MODE)=release build/release/idletx
	@python3 tests/oracle/oracle.py $(C)

TIME ?= 60
FUZZERS := $(patsubst tests/%.c,%,$(wildcard tests/fuzz_*.c))
fuzz: build/setup-fuzz ## TIME=600 seconds of each libFuzzer target, seeds from fixtures/
	@+$(MAKE_MODE)=fuzz $(FUZZERS:%=build/fuzz/%)
	@for f in $(FUZZERS); do tools/fuzz.sh build/fuzz/$$f $(TIME) || exit 1; done
$(OUT)/fuzz_%: $(OUT)/tests/fuzz_%.o $$(call test_archives,fuzz_$$*)
	$(call say,link)
	$Q$(CC) -fsanitize=fuzzer,address,undefined $(LDFLAGS) -o $@ $< \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LDLIBS)

bench: build/setup-bench ## DIR=...: checking against bare parsing and a peer
	@+$(MAKE_MODE)=release build/release/idletx build/release/bare_parse
	@bench/run.sh "$(DIR)"
$(OUT)/bare_parse: $(OUT)/bench/bare_parse.o $(call archives,$(UPTO_syntax))
	$(call say,link)
	$Q$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $< $(filter %.a,$^) $(LDLIBS)

# One command before a commit; each part alone says more.

check: fmt-check headers layers lint test release ## all of these

FORMATTED := $(filter-out compile_commands.json,$(SOURCES) $(HEADERS))
fmt: build/setup-lint ## lay out the code
	@clang-format -i $(FORMATTED)
fmt-check: build/setup-lint ## is the code laid out?
	@clang-format --dry-run -Werror $(FORMATTED)
headers: build/setup-build ## each header compiles on its own
	@for h in $(HEADERS); do \
		$(CC) $(CPPFLAGS) -std=c11 $(WARN) -fsyntax-only -x c $$h || exit 1; done
layers: ## no phase includes a later one
	@sh tools/layers.sh
lint: build/setup-lint compile_commands.json ## cppcheck and clang-tidy
	@cppcheck -q -j 2 --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
		--inline-suppr --suppressions-list=tools/cppcheck.txt --library=tools/cppcheck.cfg -D_GNU_SOURCE -Ianalyzer -Irules \
		$(LINTED)
	@printf '%s\n' $(LINTED) | xargs -n 4 -P 2 tools/tidy.sh
LINTED := $(filter analyzer/% rules/% tools/% bench/%,$(SOURCES))

compile_commands.json: $(OUT)/flags $(OUT)/rules.inc ## for editors and clang-tidy
	@{ printf '['; separator=; for f in $(SOURCES); do \
		printf '%s\n{"directory": "%s", "file": "%s", "command": "%s -c %s"}' "$$separator" \
			'$(CURDIR)' $$f '$(CC) $(strip $(CPPFLAGS) $(CFLAGS))' $$f; separator=,; \
	done; printf '\n]\n'; } > $@

new-rule: ## NAME=use-after-close: a rule's folder from rules/_template
	@sh tools/new-rule.sh '$(NAME)'

rules-page: ## docs/rules.md from the page of each rule
	@sh tools/rules-page.sh > docs/rules.md

dump: debug ## F=file.py PHASE=cfg: what a phase makes of a file
	@build/debug/idletx --dump=$(or $(PHASE),cfg) $(F)

demo: build/setup-build ## check a sample application
	@+$(MAKE_MODE)=release build/release/idletx
	@tools/demo.sh build/release/idletx

install: release ## PREFIX=/usr/local DESTDIR=
	install -d $(DESTDIR)$(PREFIX)/bin
	install -m 755 build/release/idletx $(DESTDIR)$(PREFIX)/bin/idletx

clean: ## remove what was built
	rm -rf build compile_commands.json

help: ## this list
	@awk -F':.*## ' '/^[a-z_.-]+:.*## /{printf "  %-22s %s\n", $$1, $$2}' Makefile

.PHONY: all debug release test run-tests run-programs bless valgrind coverage oracle fuzz bench check fmt \
        fmt-check headers layers lint new-rule rules-page dump demo install clean help FORCE

-include $(OBJECTS:.o=.d)
