#!/bin/sh
# The two hooks, run by pre-commit itself: in a fresh git repository that takes
# them from a clone of this one, by hand and at `git commit`.
set -eu
cd "$(dirname "$0")/.."
top=$PWD
binary=${IDLETX:-build/debug/idletx}

command -v pre-commit >/dev/null || {
	echo "test_precommit: pre-commit is missing, run tools/setup.sh test"
	exit 1
}
[ -x "$binary" ] || {
	echo "test_precommit: '$binary' is missing, run make debug"
	exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work/home" PRE_COMMIT_HOME="$work/cache" GIT_CONFIG_NOSYSTEM=1
export PRE_COMMIT_COLOR=never PATH="$work/bin:$PATH"
export GIT_AUTHOR_NAME=t GIT_AUTHOR_EMAIL=t@localhost GIT_COMMITTER_NAME=t GIT_COMMITTER_EMAIL=t@localhost
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
mkdir "$work/home" "$work/bin"
git config --global --add safe.directory '*'
git config --global init.defaultBranch main
ln -s "$(realpath "$binary")" "$work/bin/idletx"

passed=0 failed=0
result() { # NAME STATUS
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1"
		cat "$work/out"
	fi
}

# Succeeds when the command ends with that status and, if given, its output has that text.
ends() { # STATUS TEXT COMMAND...
	wanted=$1 text=$2 got=0
	shift 2
	"$@" > "$work/out" 2>&1 || got=$?
	[ "$got" = "$wanted" ] && grep -q -- "$text" "$work/out"
}
check() { # NAME, then as ends
	name=$1
	shift
	if ends "$@"; then result "$name" 0; else result "$name" 1; fi
}

# What is committed, with the hooks as they are in the work tree.
git clone -q "$top" "$work/hooks"
cp .pre-commit-hooks.yaml "$work/hooks/"
git -C "$work/hooks" add .pre-commit-hooks.yaml
git -C "$work/hooks" commit -q --allow-empty -m hooks
rev=$(git -C "$work/hooks" rev-parse HEAD)

mkdir "$work/shop"
cd "$work/shop"
git init -q
cat > pyproject.toml <<'END'
[project]
name = "shop"
[tool.idletx]
policy = "balanced"
END
cat > .pre-commit-config.yaml <<END
repos:
  - repo: $work/hooks
    rev: $rev
    hooks:
      - id: idletx
      - id: idletx-project
        stages: [manual]
END
cp "$top/rules/unreleased-on-return/ok_every_path.py" orders.py
cp "$top/rules/unreleased-on-return/bad.py" legacy.py
git add .

check "a file with findings fails the hook" \
	1 'legacy.py:18: warning unreleased-on-return' pre-commit run idletx --files legacy.py
check "a clean file passes, whatever is wrong elsewhere" \
	0 'Passed' pre-commit run idletx --files orders.py
check "findings of both files come from one run" \
	1 'legacy.py:18' pre-commit run idletx --files legacy.py orders.py
check "the whole project is checked, whatever was changed" \
	1 'legacy.py:18' pre-commit run idletx-project --hook-stage manual --files orders.py
check "a project without Python files is skipped" \
	0 'Skipped' pre-commit run idletx --files .pre-commit-config.yaml

check "pre-commit installs its git hook" 0 '' pre-commit install
check "git commit is refused" 1 'unreleased-on-return' git commit -m both
git rm -q --cached legacy.py
rm legacy.py
check "git commit goes through when the file is gone" 0 'Passed' git commit -m orders
sed 's/^policy = .*/policy = "loud"/' pyproject.toml > next && mv next pyproject.toml
check "a mistake in the configuration fails the hook and says where" \
	1 'pyproject.toml:4' pre-commit run idletx --files orders.py

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
