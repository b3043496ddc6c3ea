#!/bin/sh
# test_cli.sh - the command line's contract: exit statuses and what outranks what, formats, where
# output goes, what is said about mistakes, and that the same question has the same answer.
. "$(dirname "$0")/check.sh"

# ---- a project with one finding of each level ------------------------------------------------

handler() { # NAME PROVIDER, the body on stdin
	printf '%s\n' 'from fastapi import APIRouter, Depends' "from app.db import $2" '' \
		'router = APIRouter()' '' '' "@router.get(\"/$1\")" "def $1(flag: bool, db=Depends($2)):" \
		> "app/$1.py"
	cat >> "app/$1.py"
}

make_project() { # FOLDER
	mkdir -p "$1/app" "$1/tests" && cd "$1" || exit 1
	printf '[project]\nname = "shop"\n' > pyproject.toml
	# Facts, but no findings: what rules say of providers does not matter here.
	cat > app/db.py <<'END'
# Made by test_cli.sh: DO NOT EDIT
from sqlalchemy.orm import sessionmaker

SessionLocal = sessionmaker()


def get_db():
    db = SessionLocal()
    try:
        yield db
    finally:
        db.close()


def fresh_db():
    return SessionLocal()
END
	handler error fresh_db <<'END'
    return db.query(Thing).all()
END
	handler warning get_db <<'END'
    row = db.query(Thing).first()
    if flag:
        return {}
    db.commit()
    db.close()
    return {"row": row}
END
	handler note get_db <<'END'
    return {}
END
	handler clean get_db <<'END'
    try:
        rows = len(db.query(Thing).all())
        db.commit()
        return {"rows": rows}
    finally:
        db.close()
END
	cp app/error.py tests/test_error.py
	printf '{"cells": []}\n' > notebook.ipynb
}
shop=$tmp/shop
make_project "$shop"

# ---- exit status -----------------------------------------------------------------------------

check 'nothing found is 0' ends 0 app/clean.py
check 'an error is 1' ends 1 app/error.py
check 'a warning is 1' ends 1 app/warning.py
check 'a note alone is 0' prints 0 'app/note.py:8: note unused-session' app/note.py
check 'the current folder is the default' prints 1 'app/error.py:9: error unreleased-on-return'
check 'an unknown option is 2' refuses "idletx: error: unknown option '--polcy': did you mean '--policy'?" --polcy leaks
check 'a named file that is missing is 3' says 3 'missing.py: error: cannot read this path: no such file or folder' missing.py
check 'what was found is written all the same, marked incomplete' prints 3 'incomplete: not everything could be checked' app/error.py missing.py
check '3 outranks 1' prints 3 'app/error.py:9: error' app/error.py missing.py
check '2 outranks 3 and 1' ends 2 --policy loud app/error.py missing.py

table='error error 1 warning 0 note 0 clean 0
warning error 1 warning 1 note 0 clean 0
note error 1 warning 1 note 1 clean 0
never error 0 warning 0 note 0 clean 0'
echo "$table" | while read -r level rest; do
	# shellcheck disable=SC2086 # pairs of a file and its status
	set -- $rest
	while [ $# -gt 0 ]; do
		echo "$level $1 $2"
		shift 2
	done
done > "$tmp/table"
while read -r level file wanted; do
	check "--fail-on $level, $file.py: $wanted" ends "$wanted" --fail-on "$level" "app/$file.py"
done < "$tmp/table"
check '--fail-on never leaves 3 alone' ends 3 --fail-on never missing.py
check 'audit never fails for findings' ends 0 audit
check 'audit fails when it is told to' ends 1 audit --fail-on note
check 'suppressed findings do not count' ends 0 --ignore '*'

# ---- formats -------------------------------------------------------------------------------

json() { # EXPRESSION: holds for 'd', the JSON in $tmp/out
	python3 -c 'import json, sys
d = json.load(open(sys.argv[1], encoding="utf-8"))
sys.exit(not eval(sys.argv[2]))' "$tmp/out" "$1"
}
prints_json() { # STATUS EXPRESSION ARGUMENT...
	wanted=$1 expression=$2
	shift 2
	ends "$wanted" "$@" && json "$expression"
}

check 'text names place, level and rule' prints 1 'app/warning.py:11: warning unreleased-on-return: ' --format text
check 'JSON has its version and is complete' prints_json 1 'd["schema_version"] == 1 and d["complete"]' --format json
check 'JSON counts what it lists' prints_json 1 \
	'd["summary"]["findings"] == len(d["findings"]) == 3 == sum(d["summary"]["by_level"].values())' --format json
check 'JSON sorts by place' prints_json 1 \
	'(lambda k: k == sorted(k))([(f["path"], f["line"], f["column"], f["rule"]) for f in d["findings"]])' --format json
check 'JSON of an incomplete run says so' prints_json 3 'not d["complete"] and d["notifications"]' --format json missing.py app/clean.py
check 'SARIF has one run with results and rules' prints_json 1 \
	'd["version"] == "2.1.0" and len(d["runs"]) == 1 and len(d["runs"][0]["results"]) == 3' --format sarif
check 'SARIF has the exit status' prints_json 1 'd["runs"][0]["invocations"][0]["exitCode"] == 1' --format sarif
check 'SARIF of an incomplete run was not successful' prints_json 3 \
	'not d["runs"][0]["invocations"][0]["executionSuccessful"]' --format sarif missing.py
check 'audit prints a row a handler' prints 0 'app/warning.py:8 warning: partial' audit
check 'audit in JSON has handlers' prints_json 0 '{h["category"] for h in d["handlers"]} == {"missing-both", "partial", "correct", "exception"}' \
	audit --format json
check 'check in JSON has none' prints_json 1 '"handlers" not in d or d["handlers"] == []' --format json
check 'audit in Markdown has tables' prints 0 '| --- |' audit --format markdown
check 'audit --naive says by what it judges' prints 0 'by what is called anywhere in the body' audit --naive
check 'audit --naive in JSON' prints_json 0 '[h["naive"] for h in d["handlers"]]' audit --naive --format json
check 'a format of no version is 2' says 2 "is no value for '--format': choose" --format xml

# ---- the other commands ----------------------------------------------------------------------

check '--version' prints 0 'idletx ' --version
check '--help' prints 0 'Usage:' --help
check 'a command has a help of its own' prints 0 '--naive' audit --help
check 'rules lists them' prints 0 'unreleased-on-return' rules
check 'rules in JSON has the levels' prints_json 0 \
	'[r["levels"]["explicit"] for r in d if r["id"] == "unreleased-on-return"] == ["error"]' rules --format json
check 'protocols lists them' prints 0 'orm-session' protocols
check 'protocols in JSON' prints_json 0 '"orm-session" in [p["id"] for p in d]' protocols --format json
check 'explain prints the page' prints 0 '## Why it matters' explain unused-session
check 'explain knows what was meant' refuses \
	"idletx: error: unknown rule 'unused-sesion': did you mean 'unused-session'?" explain unused-sesion
each_rule_explained() {
	"$idletx" rules | sed 1d | while read -r rule rest; do "$idletx" explain "$rule" | grep -q "^# $rule\$" || echo "$rule"; done > "$tmp/out"
	[ ! -s "$tmp/out" ]
}
check 'every rule has a page' each_rule_explained

# ---- where output goes -----------------------------------------------------------------------

writes() { # STATUS TEXT ARGUMENT...: into the file alone, and leaves nothing else behind
	wanted=$1 text=$2
	shift 2
	rm -rf "$tmp/to" && mkdir "$tmp/to" && ends "$wanted" "$@" --output "$tmp/to/file" &&
		[ ! -s "$tmp/out" ] && grep -qF -- "$text" "$tmp/to/file" && [ "$(ls -A "$tmp/to")" = file ]
}
check '--output has the text' writes 1 'app/error.py:9' check
check '--output has the JSON' writes 1 '"schema_version"' --format json
check '--output has the SARIF' writes 1 '"2.1.0"' --format sarif
check '--output has the audit' writes 0 '| --- |' audit --format markdown
check '--output has the rules' writes 0 'unused-session' rules
check '--output has the page of a rule' writes 0 '# unused-session' explain unused-session
check '--output has the dump' writes 1 'app/error.py' --dump=files

kept() { # STATUS TEXT ARGUMENT...: the file that was there stays, and nothing is left beside it
	wanted=$1 text=$2
	shift 2
	rm -rf "$tmp/to" && mkdir "$tmp/to" && echo precious > "$tmp/to/file" &&
		says "$wanted" "$text" "$@" --output "$tmp/to/file" && [ ! -s "$tmp/out" ] &&
		[ "$(cat "$tmp/to/file")" = precious ] && [ "$(ls -A "$tmp/to")" = file ]
}
check 'a mistake on the command line leaves the old file' kept 2 'unknown option' --nonsense
check 'a mistake in the configuration leaves the old file' kept 2 'cannot read' --config missing.toml
check 'an unknown rule leaves the old file' kept 2 'unknown rule' explain nonsense
small_files() { # the same, when no file may grow beyond a few kilobytes
	( ulimit -f 1 && kept "$@" )
}
# The shell's unit is 512 or 1024 bytes; the SARIF is far larger.
check 'a disk that is full leaves the old file' small_files 3 "cannot write '$tmp/to/file': the file would be too large" --format sarif
check 'a folder is no file' says 3 "cannot write 'app': it is a folder" --output app
check 'a folder that is missing' says 3 "cannot write 'no/file': no such folder" --output no/file
check '/dev/full' says 3 "cannot write '/dev/full': no space left on the device" --output /dev/full

# ---- what is reported ------------------------------------------------------------------------

found() { # RULES ARGUMENT...: these rules, in the order of places, are reported
	wanted=$1
	shift
	run --format json --fail-on never "$@" && json "' '.join(f['rule'] for f in d['findings']) == '$wanted'"
}
check '--select takes some' found 'unused-session' --select unused-session
check '--select takes a glob' found 'unreleased-on-return unreleased-on-return' --select 'unreleased-*'
check '--select takes several' found 'unreleased-on-return unused-session unreleased-on-return' --select 'unused-session,unreleased-*'
check '--ignore leaves some out' found 'unused-session' --ignore 'unreleased-*'
check '--ignore is stronger than --select' found '' --select unused-session --ignore 'unused-*'
check 'an unknown rule is a mistake' refuses \
	"idletx: error: --select: unknown rule 'unused-sesion': did you mean 'unused-session'?" --select unused-sesion
check 'named files: findings in them only' found 'unreleased-on-return' app/warning.py
check 'several named files' found 'unused-session unreleased-on-return' app/warning.py app/note.py
check 'the rest is read for facts' prints 1 'opened by   fresh_db (app/db.py:15)' app/error.py
check 'tests are not reported' prints_json 1 'all("tests" not in f["path"] for f in d["findings"])' --format json
check 'tests are reported when they are named' prints 1 'tests/test_error.py:9: error' tests/test_error.py
check 'a folder named is what is below it' found 'unreleased-on-return unused-session unreleased-on-return' app
check '--exclude' found 'unused-session unreleased-on-return' --exclude 'app/error.py'
check 'a named file is read though it is excluded' found 'unreleased-on-return' --exclude 'app/error.py' app/error.py
check '--force-exclude' found '' --exclude 'app/error.py' --force-exclude app/error.py
check 'notebooks are skipped and counted' says 1 'notebooks skipped 1' --stats

check 'balanced is the default' prints 1 'app/warning.py:11: warning' --policy balanced
check 'explicit is stricter' prints 1 'app/warning.py:11: error' --policy explicit app/warning.py
check 'leaks leaves out what is only late' ends 0 --policy leaks app/warning.py
check 'leaks keeps what nothing closes' prints 1 'app/error.py:9: error' --policy leaks app/error.py
check 'the version decides when a dependency closes' prints 1 'before the response is sent (FastAPI 0.110, --fastapi-version)' \
	--fastapi-version 0.110 app/warning.py
check 'and later versions close it later' prints 1 'after the response is sent (FastAPI 0.128, --fastapi-version)' \
	--fastapi-version 0.128 app/warning.py
check 'what is assumed when nothing names it' prints 1 '(the newest known)' app/warning.py
printf 'fastapi[standard]==0.110.1\n' > app/requirements.txt
check 'a pin names it' prints 1 'before the response is sent (FastAPI 0.110.1, app/requirements.txt)' app/warning.py
check 'and the last lines do' prints 1 'assumed: FastAPI 0.110.1 (app/requirements.txt)' app/warning.py
check 'and --stats' says 1 'FastAPI 0.110.1 (app/requirements.txt)' --stats app/warning.py
check 'the option comes before it' prints 1 'assumed: FastAPI 0.128 (--fastapi-version)' --fastapi-version 0.128 app/warning.py
printf 'fastapi>=0.100\n' > app/requirements.txt
check 'a range may leave it open' prints 1 'depends on the version: before it with FastAPI 0.106 to 0.117 (range >=0.100 in app/requirements.txt)' app/warning.py
check 'which JSON says too' prints_json 1 'd["findings"][0]["assumed"]["depends_on_version"]' --format json app/warning.py
rm app/requirements.txt

# ---- comments and the allowlist ----------------------------------------------------------------

remark() { # TEXT: app/warning.py with a comment at line 11
	sed "11s/\$/  # idletx: $1/" "$shop/app/warning.py" > app/warning.py
}
make_project "$tmp/remarked"
remark 'ignore[unreleased-on-return] -- the caller closes it'
check 'a comment suppresses' ends 0 app/warning.py
check 'and is shown when asked' prints 0 'suppressed  the caller closes it' --verbose app/warning.py
check 'and counted in JSON' prints_json 0 'd["summary"]["suppressed"] == 1 and d["findings"][0]["status"] == "suppressed" and d["findings"][0]["reason"] == "the caller closes it"' \
	--format json app/warning.py
check 'and left out of SARIF' prints_json 0 'd["runs"][0]["results"] == []' --format sarif app/warning.py
check 'unless that is asked for' prints_json 0 'd["runs"][0]["results"][0]["suppressions"][0]["kind"] == "inSource"' \
	--format sarif --sarif-suppressed app/warning.py
remark 'ignore[unreleased-on-return]'
check 'a comment needs a reason' says 1 'app/warning.py:11:1: warning: this comment gives no reason' app/warning.py
remark 'ignore[unreleased-on-retrun] -- x'
check 'a comment names a rule that exists' says 1 "unknown rule 'unreleased-on-retrun': did you mean 'unreleased-on-return'?" app/warning.py
remark 'ignore[unused-session] -- x'
check 'a comment that suppresses nothing is reported' says 1 'app/warning.py:11:1: warning: this comment suppresses nothing: remove it' app/warning.py

cd "$shop" || exit 1
allow() { # ENTRY: writes allowlist.json
	printf '{"version": 1, "entries": [\n  %s]}\n' "$1" > "$tmp/allowlist.json"
}
allowed() { # as prints, with the allowlist
	"$@" --allowlist "$tmp/allowlist.json"
}
allow '{"path": "app/*.py", "function": "warning", "rules": ["unreleased-*"], "reason": "known", "expires": "2999-01-01"}'
check 'the allowlist accepts' allowed ends 0 app/warning.py
check 'and says why' allowed prints 0 'allowlisted known' --verbose app/warning.py
check 'and is counted' allowed prints_json 0 'd["summary"]["allowlisted"] == 1' --format json app/warning.py
check 'as accepted' allowed says 0 'allowlisted 1 accepted, 0 backlog' --stats app/warning.py
allow '{"path": "app/*.py", "function": "warning", "rules": ["unreleased-*"], "reason": "later", "kind": "backlog"}'
check 'or as put off' allowed prints 0 '1 allowlisted (1 backlog)' app/warning.py
check 'in --stats too' allowed says 0 'allowlisted 0 accepted, 1 backlog' --stats app/warning.py
allow '{"path": "gone.py", "rules": ["*"], "reason": "was"}'
check 'a stale entry is a notification' allowed says 1 "$tmp/allowlist.json:2:3: warning: this entry matches no finding"
check 'and a mistake when strict' allowed says 2 "$tmp/allowlist.json:2:3: error: this entry matches no finding" --strict-allowlist
allow '{"path": "app/warning.py", "rules": ["*"], "reason": "was", "expires": "2001-01-01"}'
check 'an expired entry accepts nothing' allowed says 1 'this entry expired on 2001-01-01' app/warning.py
check 'the example is valid' ends 1 --allowlist "$here/allowlist.example.json"

wrong_allowlist() { # LINE:COLUMN TEXT ENTRY
	allow "$3"
	refuses "$tmp/allowlist.json:$1: error: $2" --allowlist "$tmp/allowlist.json"
}
check 'an entry without a reason' wrong_allowlist 2:3 "this entry has no 'reason'" '{"path": "a.py", "rules": ["*"]}'
check 'an unknown key' wrong_allowlist 2:4 "unknown key 'pth': did you mean 'path'?" '{"pth": "a.py"}'
check 'a wrong type' wrong_allowlist 2:12 "'path' must be a string" '{"path": 1}'
check 'a bad date' wrong_allowlist 2:15 "'2027-02-30' is no date: write one such as \"2027-06-30\"" '{"expires": "2027-02-30"}'
check 'an unknown rule in it' wrong_allowlist 2:14 "unknown rule 'unusd-session': did you mean 'unused-session'?" '{"rules": ["unusd-session"]}'
check 'an allowlist that is missing' refuses "none.json: error: cannot read this allowlist: no such file" --allowlist none.json
check 'an allowlist that is no JSON' says 2 'pyproject.toml:1:' --allowlist pyproject.toml

configured() { # TEXT: pyproject.toml with this below [tool.idletx]
	printf '[project]\nname = "shop"\n[tool.idletx]\n%s\n' "$1" > "$tmp/remarked/pyproject.toml"
}
wrong_configuration() { # LINE:COLUMN TEXT SETTING
	configured "$3"
	refuses "pyproject.toml:$1: error: $2" --root "$tmp/remarked" "$tmp/remarked"
}
check 'an unknown key of the configuration' wrong_configuration 4:1 "unknown key 'exlude': did you mean 'exclude'?" 'exlude = []'
check 'a wrong value of the configuration' wrong_configuration 4:10 "'strict' is no policy: choose balanced, explicit or leaks" 'policy = "strict"'
check 'broken TOML' wrong_configuration 4:1 'this is no valid TOML' 'policy = ['
configured 'policy = "explicit"'
check 'the configuration counts' prints 1 'app/warning.py:11: error' --root "$tmp/remarked" "$tmp/remarked"
check 'the command line counts more' prints 1 'app/error.py:9: error' --policy leaks --ignore 'unused-*' --root "$tmp/remarked" "$tmp/remarked"
check 'a configuration elsewhere' prints 1 'app/warning.py:11: error' --config "$tmp/remarked/pyproject.toml"
configured '[tool.idletx.rules]
unused-session = "error"'
check 'a level from the configuration' prints 1 'app/note.py:8: error unused-session' --root "$tmp/remarked" "$tmp/remarked"

# ---- files that are not as they should be --------------------------------------------------------

cd "$tmp/remarked" || exit 1
configured ''
printf 'def broken(:\n    return ]\n\n\n' > app/broken.py
cat app/error.py >> app/broken.py
check 'a syntax error is no failure' says 0 'app/broken.py:1:1: warning: 2 syntax errors, the first here' --fail-on never app/broken.py
check 'what can be parsed is analysed' prints 1 'app/broken.py:13: error unreleased-on-return' app/broken.py
rm app/broken.py
: > app/empty.py
check 'an empty file' ends 0 app/empty.py
mkdir empty
check 'an empty folder' prints 0 'no Python file was found' --root empty empty

# ---- the same question has the same answer -------------------------------------------------------

make_project "$tmp/many"
for i in $(seq 40); do
	for f in error warning note; do sed "s/def $f/def ${f}_$i/" "app/$f.py" > "app/${f}_$i.py"; done
done
same() { # ARGUMENTS; ARGUMENTS: both print the same bytes
	first=$1 second=$2
	# shellcheck disable=SC2086 # lists of words
	run --format json --fail-on never $first && mv "$tmp/out" "$tmp/first" &&
		run --format json --fail-on never $second && cmp "$tmp/first" "$tmp/out"
}
check 'two runs' same '' ''
check '--jobs 1 and --jobs 8' same '--jobs 1' '--jobs 8'
check '--jobs 1 and --jobs 8 of an audit' same 'audit --jobs 1' 'audit --jobs 8'
check 'paths in another order' same "$(echo app/e*.py app/w*.py)" "$(echo app/w*.py app/e*.py | tr ' ' '\n' | sort -r | tr '\n' ' ')"
check 'a path twice' same 'app/error.py' 'app/error.py ./app/error.py app/../app/error.py'
from_elsewhere() {
	same '' '' && cd / && run --format json --fail-on never "$tmp/many" && cmp "$tmp/first" "$tmp/out"
}
check 'from another folder' from_elsewhere
cd "$tmp/many/app" || exit 1
check 'from a folder inside: paths are relative to the root' prints_json 1 'd["findings"][0]["path"] == "app/error.py"' --format json error.py
# Every format, each with one thread and the files in order, and with eight and the files shuffled: by a fixed rule, so that a failure can be seen again.
ordered=$(find . -name '*.py' | sort)
shuffled=$(find . -name '*.py' | awk '{ print (NR * 7919) % 1009, $0 }' | sort -n | cut -d ' ' -f 2-)
same_bytes() { # ARGUMENT...
	# shellcheck disable=SC2086 # lists of words
	run "$@" --jobs 1 --fail-on never $ordered && mv "$tmp/out" "$tmp/first" && mv "$tmp/err" "$tmp/first_err" &&
		run "$@" --jobs 8 --fail-on never $shuffled && cmp "$tmp/first" "$tmp/out" && cmp "$tmp/first_err" "$tmp/err"
}
for format in text json sarif markdown github gitlab junit; do
	check "$format for each number of threads and order of files" same_bytes --format $format
done
for format in text json markdown; do
	check "an audit's $format, too" same_bytes audit --format $format
done

# ---- names ---------------------------------------------------------------------------------------

make_project "$tmp/na mes"
odd=$(printf 'b\377d')
mkdir 'a folder' 'größe' "$odd"
for folder in 'a folder' 'größe' "$odd"; do cp app/error.py "$folder/error.py"; done
check 'a path with a blank' prints 1 'a folder/error.py:9: error' 'a folder/error.py'
check 'a path in UTF-8' prints 1 'größe/error.py:9: error' größe
check 'a path in bad UTF-8' prints 1 '/error.py:9: error' "$odd"
check 'is valid JSON' prints_json 1 'd["findings"][0]["path"] == "b\ufffdd/error.py"' --format json "$odd/error.py"
check 'is valid SARIF' prints_json 1 '"%FF" in d["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]' \
	--format sarif "$odd/error.py"
escape=$(printf 'c\033[31m\nd')
mkdir "$escape"
cp app/error.py "$escape/error.py"
no_escape() { # TEXT ARGUMENT...: printed or said, and no control character is
	text=$1
	shift
	run "$@"
	cat "$tmp/out" "$tmp/err" | grep -qF -- "$text" && ! cat "$tmp/out" "$tmp/err" | grep -q "$(printf '\033')"
}
check 'an escape in a path stays one in the report' no_escape 'c\x1b[31m\x0ad/error.py:9: error' "$escape/error.py"
check 'and in a message' no_escape 'c\x1b[31m\x0ad/none.py: error: cannot read this path' "$escape/none.py"
check 'a path that looks like an option' says 3 'cannot read this path' -- --none

# ---- the terminal --------------------------------------------------------------------------------

cd "$shop" || exit 1
coloured() {
	grep -q "$(printf '\033\\[')" "$tmp/out"
}
plain() {
	[ -s "$tmp/out" ] && ! coloured
}
terminal() { # on a terminal; what it shows is in $tmp/out
	TERM=xterm python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))' "$idletx" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null
	[ $? = 1 ]
}
no_colour() {
	NO_COLOR=1 terminal "$@"
}
also() { # PREDICATE COMMAND...: the command, then the predicate
	predicate=$1
	shift
	"$@" && "$predicate"
}
check 'a file gets no colours' also plain ends 1
check 'a terminal does' also coloured terminal
check 'not with NO_COLOR' also plain no_colour
check '--color never' also plain terminal --color never
check '--color always' also coloured ends 1 --color always

silent() {
	[ ! -s "$tmp/err" ]
}
check 'a run has no messages of its own' also silent ends 1
no_tail() {
	! grep -q 'handlers:' "$tmp/out" && grep -q 'app/error.py:9' "$tmp/out"
}
check '--quiet prints findings only' also no_tail ends 1 --quiet
check '--quiet still says what is wrong' says 3 'cannot read' --quiet missing.py
check '--quiet and --verbose exclude each other' refuses \
	"idletx: error: '--quiet' and '--verbose' exclude each other" --quiet --verbose
stats_apart() {
	run --fail-on never && mv "$tmp/out" "$tmp/first" && run --fail-on never --stats &&
		cmp "$tmp/first" "$tmp/out" && grep -q '^files parsed 6, lowered 6' "$tmp/err" && grep -q '^bounds hit' "$tmp/err"
}
check '--stats goes to stderr alone' stats_apart
stats_of_phases() { # time and memory of each
	run --fail-on never --stats && [ "$(grep -c '^  [a-z, ]* [0-9.]* s *[1-9][0-9]* kB$' "$tmp/err")" = 6 ]
}
check '--stats says what each phase took' stats_of_phases

# ---- phases --------------------------------------------------------------------------------------

check '--dump=files' prints 1 'app/clean.py' --dump=files
check '--dump=files says what is for facts only' prints 1 'tests/test_error.py (facts only)' --dump=files
check '--dump=facts' prints 1 'get_db' --dump=facts
check '--dump=cfg' prints 1 'get_db' --dump=cfg
check '--dump=summary' prints 1 'get_db' --dump=summary
check '--dump=harness' prints 1 'get_db' --dump=harness
check '--dump=flow' prints 1 'app/warning.py: warning' --dump=flow
check 'an unknown phase is 2' says 2 "is no value for '--dump'" --dump=ast

finish
