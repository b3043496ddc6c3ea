#!/bin/sh
# Brings what a part of the work needs and is not there yet: Debian packages
# through apt-get, third-party sources through npm from package-lock.json. When
# all is there it does nothing and needs no network.
#
#     tools/setup.sh build|test|lint|fuzz|bench|valgrind|oracle|hook ...
set -eu
cd "$(dirname "$0")/.."

fail() {
	echo "setup: $*" >&2
	exit 1
}

has_header() {
	echo "#include $1" | cc -E -x c -o /dev/null - 2>/dev/null
}

packages=
want() { # PACKAGE, then the test that says whether it is there
	package=$1
	shift
	"$@" >/dev/null 2>&1 || packages="$packages $package"
}

want_build() {
	want gcc has cc
	want libc6-dev has_header '<stdlib.h>'
	want libjansson-dev has_header '<jansson.h>'
	want libstb-dev has_header '<stb/stb_ds.h>'
	want libxxhash-dev has_header '<xxhash.h>'
}

want_test() {
	want_build
	want libcmocka-dev cmocka_there
	want git has git
	want python3 has python3
	want pre-commit has pre-commit
}

has() {
	command -v "$1"
}

# cmocka.h does not include what it needs itself.
cmocka_there() {
	printf '#include <%s>\n' stdarg.h stddef.h stdint.h setjmp.h cmocka.h |
		cc -E -x c -o /dev/null -
}

clang_runtime_there() {
	[ -f "$(clang -print-resource-dir)/include/sanitizer/asan_interface.h" ]
}

# Debian keeps the server's programs off the PATH.
initdb_there() {
	ls /usr/lib/postgresql/*/bin/initdb || has initdb
}

want_part() {
	case $1 in
	build) want_build ;;
	test) want_test ;;
	lint)
		want_test
		want clang has clang
		want libclang-rt-dev clang_runtime_there
		want clang-format has clang-format
		want clang-tidy has clang-tidy
		want cppcheck has cppcheck
		;;
	fuzz)
		want_build
		want clang has clang
		want libclang-rt-dev clang_runtime_there
		;;
	bench)
		want_build
		want hyperfine has hyperfine
		want python3 has python3
		;;
	oracle)
		want_build
		want python3 has python3
		want python3-venv python3 -c 'import ensurepip, venv'
		want postgresql initdb_there
		;;
	valgrind)
		want_test
		want valgrind has valgrind
		;;
	hook)
		want_build
		want git has git
		want pre-commit has pre-commit
		;;
	*) fail "unknown part '$1': build, test, lint, fuzz, bench, valgrind, oracle or hook" ;;
	esac
}

apt_install() {
	has apt-get >/dev/null || fail "install these yourself, apt-get is not there:$packages"
	if [ "$(id -u)" = 0 ]; then
		root=
	elif has sudo >/dev/null; then
		root=sudo
	else
		fail "run as root, or install sudo, or install these yourself:$packages"
	fi
	echo "setup: installing$packages" >&2
	# shellcheck disable=SC2086 # a list of words
	{
		$root apt-get update -qq &&
			$root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y \
				--no-install-recommends $packages
	} >&2 || fail "cannot install:$packages"
}

# The third-party sources are wanted from npm unless the caller has all of them elsewhere.
sources_missing() {
	for folder in "${TREE_SITTER_DIR:-}" "${TREE_SITTER_PYTHON_DIR:-}" \
		"${TREE_SITTER_TOML_DIR:-}"; do
		case $folder in
		'' | node_modules/*)
			! cmp -s package-lock.json node_modules/.idletx-build
			return
			;;
		esac
	done
	return 1
}

programs_missing() {
	! cmp -s package-lock.json node_modules/.idletx-programs
}

npm_install() { # the arguments of npm ci
	if ! has npm >/dev/null; then
		packages=" npm"
		apt_install
	fi
	echo "setup: npm ci $*" >&2
	npm ci --ignore-scripts --loglevel=error "$@" >&2 ||
		fail "cannot fetch the packages of package-lock.json with npm"
	cp package-lock.json node_modules/.idletx-build
}

[ $# -gt 0 ] || fail "say for what: build, test, lint, fuzz, bench, valgrind, oracle or hook"
programs=no
for part in "$@"; do
	want_part "$part"
	case $part in test | bench) programs=yes ;; esac
done
[ -z "$packages" ] || apt_install
if [ $programs = yes ] && programs_missing; then
	npm_install
	cp package-lock.json node_modules/.idletx-programs
	# npm keeps the bits of the archive, and these were packed without the run bit.
	chmod +x node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool
	chmod -f +x node_modules/@ast-grep/cli-linux-*/ast-grep || true
elif sources_missing; then
	npm_install --omit=dev
fi
