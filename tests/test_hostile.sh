#!/bin/sh
# test_hostile.sh - no input crashes or hangs idletx, makes it read what is not there or costs the
# user a file. With the sanitizer build any such thing ends with a status that no check accepts.
. "$(dirname "$0")/check.sh"

survives() { # ARGUMENT...: the run is complete, with findings or without
	run "$@"
	[ $status -le 1 ] || { echo "  ends with $status" && false; }
}
little_stack() { # COMMAND...: with a stack of 256 kB
	( ulimit -s 256 && "$@" )
}
put() { # FILE: the sample with 'db' left open at line 9, put there
	mkdir -p "$(dirname "$1")" && cp "$tmp/sample.py" "$1"
}
cat > "$tmp/sample.py" <<'END'
from fastapi import Depends
from sqlalchemy.orm import scoped_session

Registry = scoped_session(factory)


@app.get("/é")
def handler():
    rows = Registry.query(Thing).all()
    return rows
END
fresh() { # a new empty project, where the script then is
	cd "$tmp" && chmod -R u+rwX project 2> /dev/null
	rm -rf project && mkdir project && cd project && : > setup.py
}
mkdir "$tmp/project"
leak='py:9: error scoped-session-not-removed'

# ---- shapes ----------------------------------------------------------------------------------------

shape() { # SHAPE SIZE: of tests/shapes.py
	fresh && python3 "$here/tests/shapes.py" "$1" "$2" > shape.py &&
		little_stack survives audit --format json shape.py
}
deep=20000
size_of() { # SHAPE: deep expressions and long lists all have the same; others cost more each
	case $1 in
	*nested*) echo 1500 ;; # levels of indentation: the text is quadratic
	errors | backslashes) echo 300 ;;
	flags) echo 200 ;;
	callees | injected | opened | rebindings | reopened) echo 1000 ;;
	returns | raises | tries | connections-*) echo 2000 ;;
	*-kept-by-objects | transactions-* | engines-* | services-* | callbacks-* | waits-*) echo 5000 ;;
	imports-of-a-script | branches | callee-* | callers | closures | commits | deletions | handlers | loops | methods | provider-chain | providers | \
		queries | raises-in-a-try | flag-tests | flags-of-one | self-attributes | sessions-rebound | statements | tuples | with-items | \
		withs) echo 5000 ;;
	renders-* | releases-* | tasks-* | threads-* | gathers-* | generators-with-*) echo 2000 ;;
	functions) echo 100000 ;;
	*) echo $deep ;;
	esac
}
for name in $(python3 "$here/tests/shapes.py" --list); do
	size=$(size_of "$name")
	check "$size $name" shape "$name" "$size"
done
phases() { # SHAPE SIZE: each --dump of it
	fresh && python3 "$here/tests/shapes.py" "$1" "$2" > shape.py || return 1
	for phase in files facts cfg summary harness flow; do
		little_stack survives "--dump=$phase" --output dumped shape.py || return 1
	done
}
check 'the phases of deep calls can be shown' phases arguments $deep
check 'the phases of deep statements can be shown' phases tries-nested-in-a-function 300

fifty_megabytes() {
	fresh && { cat "$tmp/sample.py" && echo 'text = """' && yes 'fifty megabytes of text' | head -c 50000000 &&
		echo '"""' && sed 's/handler/last/' "$tmp/sample.py"; } > large.py && prints 1 'error scoped-session-not-removed' large.py
}
check 'a file of 50 MB is read to its end' fifty_megabytes
one_line() {
	fresh && { printf 'def f(): '; yes 'x = f(1);' | head -n 100000 | tr -d '\n' && echo; } > line.py && survives line.py
}
check 'a line of 1 MB' one_line
too_large() {
	fresh && put ok.py && truncate -s 300M large.py && says 1 'large.py: warning: cannot read' &&
		says 3 'larger than 256 MiB' large.py
}
check 'a file beyond the limit is left out and named' too_large
zeros() {
	fresh && truncate -s 2M zeros.py && survives zeros.py
}
check 'a file of NUL bytes' zeros
prefixes() {
	fresh && mkdir cut && python3 - "$here" <<'END' && survives cut
import glob, sys
for i, name in enumerate(sorted(glob.glob(sys.argv[1] + "/rules/*/bad.py") + glob.glob(sys.argv[1] + "/fixtures/projects/demo/app/**/*.py", recursive=True))):
    text = open(name, "rb").read()
    for end in range(i % 53, len(text), 53):
        open(f"cut/{i}_{end}.py", "wb").write(text[:end])
        open(f"cut/{i}_{end}_end.py", "wb").write(text[end:])
        open(f"cut/{i}_{end}_hole.py", "wb").write(text[:end] + text[end + 31:])
        open(f"cut/{i}_{end}_byte.py", "wb").write(text[:end] + bytes([end * 7 % 256]) + text[end + 1:])
END
}
check 'files that are cut anywhere' prefixes
for file in "$here"/fixtures/crash/*; do
	[ -f "$file" ] || continue
	fresh && cp "$file" crash.py
	check "fixtures/crash/${file##*/}" little_stack survives --policy explicit crash.py
done

# ---- bytes -------------------------------------------------------------------------------------------

same_place() { # COMMAND that writes odd.py: the finding is where it is in the sample
	fresh && put plain.py && "$@" > odd.py &&
		run --format json --fail-on never && python3 - "$tmp/out" <<'END'
import json, sys
places = {}
for f in json.load(open(sys.argv[1], encoding="utf-8"))["findings"]:
    places.setdefault(f["path"], []).append((f["line"], f["column"], f["end_line"], f["end_column"], f["message"]))
sys.exit(not (places.get("odd.py") and places["odd.py"] == places["plain.py"]))
END
}
crlf() { sed 's/$/\r/' "$tmp/sample.py"; }
cr() { tr '\n' '\r' < "$tmp/sample.py"; }
bom() { printf '\357\273\277' && cat "$tmp/sample.py"; }
mixed() { awk '{ printf "%s%s", $0, NR % 3 == 0 ? "\r" : NR % 3 == 1 ? "\r\n" : "\n" }' "$tmp/sample.py"; }
unended() { printf '%s' "$(cat "$tmp/sample.py")"; }
form_feed() { sed 's/^@/\f@/' "$tmp/sample.py"; }
bad_utf8() { sed "s/é/$(printf '\377\300\200\355\240\200')/" "$tmp/sample.py"; }
nul_in_a_string() { sed 's/é/a\x00b/' "$tmp/sample.py"; }
check 'CRLF' same_place crlf
check 'a lone CR ends a line' same_place cr
check 'a byte order mark' same_place bom
check 'line ends of all kinds' same_place mixed
check 'no line end at the end' same_place unended
check 'a form feed' same_place form_feed
check 'bad UTF-8 in a string' same_place bad_utf8
check 'a NUL byte in a string' same_place nul_in_a_string
encoded() { # ENCODING
	fresh && iconv -f UTF-8 -t "$1" "$tmp/sample.py" > odd.py && survives odd.py
}
check 'UTF-16' encoded UTF-16
check 'UTF-32' encoded UTF-32
check 'Latin-1' encoded ISO-8859-1
bytes() { # COMMAND that writes bytes
	fresh && "$@" > odd.py && survives odd.py && survives --format sarif odd.py && python3 -m json.tool "$tmp/out" > /dev/null
}
check 'a program' bytes head -c 60000 "$idletx"
check 'every byte' bytes python3 -c 'import sys; sys.stdout.buffer.write(bytes(range(256)) * 8)'
controls() {
	sed "9s/rows/rows = \"$(printf '\033]0;owned\007\302\233\342\200\256')\"; rows/" "$tmp/sample.py"
}
no_controls() {
	fresh && controls > odd.py && prints 1 'odd.py:9' odd.py && ! LC_ALL=C grep -q "$(printf '\033\\|\007\\|\302\233\\|\342\200\256')" "$tmp/out"
}
check 'what a terminal would obey is shown as text' no_controls

# ---- files and folders -----------------------------------------------------------------------------------

loops() {
	fresh && put ok.py && ln -s . here && ln -s ../project up && ln -s a.py b.py && ln -s b.py a.py && ln -s none.py dangling.py &&
		ln -s ok.py link.py && prints 1 "ok.$leak" && [ "$(grep -c "$leak" "$tmp/out")" = 1 ]
}
check 'loops of links end, and a file is read once' loops
check 'a loop that is named' says 3 'a.py: error: cannot read this path: too many symbolic links' a.py
check 'a link to nowhere that is named' says 3 'no such file' dangling.py
special() {
	fresh && put ok.py && mkfifo pipe.py && mkdir folder.py && python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket.py")' &&
		prints 1 "ok.$leak"
}
check 'pipes and sockets are passed over' special
check 'a pipe that is named' says 3 "cannot read 'pipe.py': not a regular file" pipe.py
check 'a socket that is named' says 3 "cannot read 'socket.py': not a regular file" socket.py
check 'a folder that is called like a file' survives folder.py
for device in /dev/null /dev/zero /dev/full /dev/tty; do
	check "$device" says 3 'error: cannot read' --root . $device
done
check 'a file that cannot be read to its end' ends 3 --root . /proc/self/mem
from_a_pipe() {
	cat "$tmp/sample.py" | "$idletx" --root . /dev/stdin > "$tmp/out" 2> "$tmp/err"
	[ $? = 3 ] && grep -q 'not a regular file' "$tmp/err"
}
check 'standard input is no file' from_a_pipe

deep_folders() {
	fresh && put ok.py && python3 - <<'END' && prints 1 "ok.$leak"
import os, shutil
for i in range(700):
    os.mkdir("a_folder")
    os.chdir("a_folder")
    open("deep.py", "w").write("x = 1\n")
END
}
check 'folders deeper than a path can be' deep_folders
cd "$tmp" && python3 -c 'import os
while os.path.isdir("project/a_folder/a_folder"):
    os.rename("project/a_folder/a_folder", "moved") or os.path.exists("project/a_folder/deep.py") and os.remove("project/a_folder/deep.py")
    os.rmdir("project/a_folder")
    os.rename("moved", "project/a_folder")'
odd_names() {
	fresh && python3 - "$tmp/sample.py" <<'END' && survives && survives --format json && python3 -m json.tool "$tmp/out" > /dev/null
import os, shutil, sys
for name in [b"%s%n%d.py", b"a\nb.py", b"'\"`$(id);.py", b"\xff\xfe.py", b"-x.py", b"*.py", b"x" * 252 + b".py", b" .py", b".py", b"\\.py", b"#.py"]:
    shutil.copy(sys.argv[1], os.path.join(b".", name))
END
}
check 'names that no one would give' odd_names
long_name() {
	run "$(head -c 5000 /dev/zero | tr '\0' x)"
	[ $status = 3 ]
}
check 'a name that is too long' long_name
many_files() {
	fresh && mkdir many && (cd many && seq -f '%g.py' 2000 | xargs touch) && survives
}
check '2,000 files' many_files

vanishing() { # files come, go, shrink and grow while idletx runs
	fresh && for i in $(seq 60); do put "app$((i % 6))/f$i.py"; done
	while :; do
		mv app1 app1_ && mv app1_ app1
		rm -rf app2 && cp -r app3 app2
		: > app4/f4.py && yes 'x = f(1)' | head -n 20000 > app4/f4.py
		rm -f app5/f5.py && mkfifo app5/f5.py && rm -f app5/f5.py && put app5/f5.py
	done > /dev/null 2>&1 &
	mover=$!
	for i in $(seq 10); do
		run --format json --fail-on never app0 app3
		case $status in 0 | 3) ;; *) break ;; esac
	done
	kill $mover
	wait $mover 2> /dev/null
	[ $status = 0 ] || [ $status = 3 ]
}
check 'files that come and go meanwhile' vanishing
gone() {
	fresh && mkdir gone && cd gone && rmdir ../gone && run
	[ $status = 3 ] && [ ! -s "$tmp/out" ]
}
check 'a current folder that is gone' gone

# root may read everything, so somebody else looks.
cp "$idletx" "$tmp/idletx"
chmod 755 "$tmp" "$tmp/idletx"
as_nobody() { # as run
	status=0
	if [ "$(id -u)" = 0 ]; then
		timeout 120 setpriv --reuid=65534 --regid=65534 --clear-groups "$tmp/idletx" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null || status=$?
	else
		run "$@"
	fi
}
unreadable() {
	fresh && chmod 755 . && put ok.py && put shut.py && put locked/in.py && chmod 644 ok.py && chmod 0 shut.py locked
	as_nobody
	[ $status = 1 ] && grep -q "ok.$leak" "$tmp/out" && grep -q "shut.py: warning: cannot read" "$tmp/err" &&
		grep -q 'locked: note: cannot read this folder: permission denied' "$tmp/err"
}
check 'what cannot be read is said, the rest is checked' unreadable
shut() { # PATH TEXT
	as_nobody "$1"
	[ $status = 3 ] && grep -q "$2" "$tmp/err"
}
check 'a file that is named and cannot be read' shut shut.py 'permission denied'
check 'a folder that is named and cannot be read' shut locked 'permission denied'
check 'a file in a folder that cannot be entered' shut locked/in.py 'permission denied'
unwritable() {
	mkdir -p "$tmp/ro" && echo precious > "$tmp/ro/file" && chmod 555 "$tmp/ro" && chmod 444 "$tmp/ro/file"
	as_nobody --output "$tmp/ro/file" ok.py
	[ $status = 3 ] && grep -q 'permission denied' "$tmp/err" && [ "$(cat "$tmp/ro/file")" = precious ] && [ "$(ls -A "$tmp/ro")" = file ]
}
check 'a file that must not be written' unwritable

# ---- where output goes -----------------------------------------------------------------------------------

fresh && put ok.py
quietly() { # STATUS: as the command before, and no message of a crash
	[ "$status" = "$1" ] && ! grep -q 'Sanitizer\|runtime error' "$tmp/err"
}
closed_pipe() { # ARGUMENT...
	{ "$idletx" "$@" 2> "$tmp/err"; echo $? > "$tmp/status"; } | sleep 0
	# The reader ends at once, but maybe not before this has been written.
	status=$(cat "$tmp/status")
	quietly 3 || quietly 1 || quietly 0
}
full_device() {
	status=0
	"$idletx" "$@" > /dev/full 2> "$tmp/err" || status=$?
	quietly 3 && grep -q "cannot write 'stdout': no space left on the device" "$tmp/err"
}
no_stdout() {
	status=0
	"$idletx" "$@" >&- 2> "$tmp/err" || status=$?
	quietly 3
}
nothing_open() {
	rm -rf "$tmp/to" && mkdir "$tmp/to" && status=0
	"$idletx" "$@" --output "$tmp/to/file" <&- >&- 2>&- || status=$?
	[ $status -le 1 ] && [ -s "$tmp/to/file" ] && ! grep -q 'idletx: error\|peak memory' "$tmp/to/file"
}
for command in 'check' 'check --format json' 'check --format sarif' 'audit' 'audit --format markdown' 'check --dump=cfg' \
	'rules' 'explain unused-session' '--help' '--version'; do
	# shellcheck disable=SC2086 # a list of words
	check "$command: a reader that goes away" closed_pipe $command
	# shellcheck disable=SC2086
	check "$command: a full disk" full_device $command
	# shellcheck disable=SC2086
	check "$command: no standard output" no_stdout $command
	# shellcheck disable=SC2086
	case $command in --*) ;; *) check "$command: no standard stream at all" nothing_open $command ;; esac
done
stats_full() {
	"$idletx" --stats > "$tmp/out" 2> /dev/full
	[ $? = 1 ] && grep -q "ok.$leak" "$tmp/out"
}
check 'messages that cannot be written' stats_full

# ---- settings ----------------------------------------------------------------------------------------------

setting() { # FILE COMMAND that writes it: ends with status 2 and one line, or is none of our business
	file=$1
	shift
	fresh && put ok.py && "$@" > "$file" || return 1
	case $file in allowlist.json) set -- --allowlist "$file" ;; *) set -- ;; esac
	little_stack run "$@"
	[ $? = 2 ] && [ ! -s "$tmp/out" ] && [ "$(wc -l < "$tmp/err")" = 1 ] && grep -q "^$file:[0-9]*:[0-9]*: error: " "$tmp/err"
}
repeat() { # TEXT COUNT
	yes "$1" | head -n "$2" | tr -d '\n'
}
deep_json() { repeat '[' 100000; }
deep_objects() { repeat '{"a":' 100000; }
deep_closed() { printf '{"version": 1, "entries": ' && repeat '[' 1000 && repeat ']' 1000 && printf '}'; }
many_keys() { printf '{' && seq -s, -f '"k%g": 1' 100000 && printf '}'; }
long_key() { printf '{"' && repeat k 1000000 && printf '": 1}'; }
bad_text() { printf '{"version": 1, "\377": []}'; }
nul_text() { printf '{"version": 1,\0 "entries": []}'; }
cut_json() { printf '{"version": 1, "entries": [{"path": "a'; }
nothing() { :; }
program() { head -c 100000 "$idletx"; }
for command in deep_json deep_objects deep_closed many_keys long_key bad_text nul_text cut_json nothing program; do
	check "an allowlist: $command" setting allowlist.json $command
	[ $command = deep_closed ] || check "a configuration: $command" setting .idletx.json $command
done
toml() { # COMMAND: below our header
	printf '[tool.idletx]\n' && "$@" && echo
}
deep_arrays() { printf 'exclude = ' && repeat '[' 20000 && repeat ']' 20000; }
deep_tables() { printf 'policy = ' && repeat '{a=' 20000 && printf 1 && repeat '}' 20000; }
deep_key() { repeat 'a.' 20000 && printf 'b = 1'; }
unclosed_arrays() { printf 'exclude = ' && repeat '[' 20000; }
long_string() { printf 'policy = "' && repeat x 1000000 && printf '"'; }
bad_string() { printf 'policy = "\377"'; }
nul_key() { printf 'pol\0icy = "x"'; }
many_tables() { repeat '[[tool.idletx.overrides]]@' 20000 | tr '@' '\n' && printf 'nonsense = 1'; }
for command in deep_arrays deep_tables deep_key unclosed_arrays long_string bad_string nul_key many_tables program; do
	check "pyproject.toml: $command" setting pyproject.toml toml $command
done
others_nest() {
	fresh && put ok.py && { printf '[tool.other]\nx = ' && repeat '[' 20000 && repeat ']' 20000 && echo; } > pyproject.toml &&
		little_stack prints 1 "ok.$leak"
}
check "what others have in pyproject.toml is theirs" others_nest
no_file() { # PATH: given as allowlist and as configuration
	refuses "$1: error: cannot read this allowlist: not a regular file" --allowlist "$1" && ends 2 --config "$1"
}
fresh && put ok.py && mkdir folder && mkfifo pipe
for path in /dev/zero /dev/null folder pipe; do
	check "$path is no setting" no_file $path
done
folder_for_pyproject() {
	fresh && put ok.py && mkdir pyproject.toml && run
	[ $status = 1 ] || [ $status = 2 ]
}
check 'a folder called pyproject.toml' folder_for_pyproject
pipe_for_pyproject() {
	fresh && put ok.py && mkfifo pyproject.toml .idletx.json && run
	[ $status = 1 ] || [ $status = 2 ]
}
check 'a pipe called pyproject.toml' pipe_for_pyproject
stars() {
	fresh && put "$(repeat a 200).py" && printf '{"version": 1, "entries": [{"path": "%s", "rules": ["*"], "reason": "x"}]}' "$(repeat '*a**a?*' 60)b" > allowlist.json &&
		survives --allowlist allowlist.json
}
check 'a pattern of many stars' stars
many_entries() {
	fresh && put ok.py && { printf '{"version": 1, "entries": [' &&
		seq -s, -f '{"path": "app/%g.py", "rules": ["*"], "reason": "x"}' 20000 && printf ']}'; } > allowlist.json &&
		prints 1 "ok.$leak" --allowlist allowlist.json --quiet
}
check 'an allowlist of 20,000 entries' many_entries
long_comment() {
	fresh && { cat "$tmp/sample.py" && printf '    return 1  # idletx: ignore[' && repeat 'unused-session,' 20000 && echo '] -- x'; } > ok.py && survives ok.py &&
		{ cat "$tmp/sample.py" && printf '    return 1  # idletx: ' && repeat 'ignore[' 20000 && echo; } > ok.py && survives ok.py
}
check 'a comment of 100 kB' long_comment
fresh && put ok.py
check 'more arguments than anyone would give' little_stack ends 1 $(yes ok.py | head -n 5000)
check 'a list of ids of 100 kB' ends 2 --select "$(repeat 'a,' 50000)"
check 'more threads than files' prints 1 "ok.$leak" --jobs 1024

# ---- surroundings -------------------------------------------------------------------------------------------

bare() { # ARGUMENT...: without an environment
	status=0
	env -i ASAN_OPTIONS="$ASAN_OPTIONS" timeout 120 "$idletx" "$@" > "$tmp/out" 2> "$tmp/err" < /dev/null || status=$?
	[ $status = 1 ] && grep -q "ok.$leak" "$tmp/out"
}
check 'no environment' bare
broken_git() { # COMMAND that makes .git
	fresh && put ok.py && "$@" && prints 1 "ok.$leak"
}
git_folder() { mkdir .git; }
git_file() { echo 'gitdir: /nowhere' > .git; }
git_pipe() { mkfifo .git; }
git_loop() { ln -s .git .git; }
check 'an empty .git' broken_git git_folder
check 'a .git that leads nowhere' broken_git git_file
check 'a pipe called .git' broken_git git_pipe
check 'a .git that is a loop' broken_git git_loop
monitored() {
	fresh && put ok.py && git init -q . && printf '#!/bin/sh\ntouch %s/ran\n' "$tmp" > monitor && chmod +x monitor &&
		git config core.fsmonitor ./monitor && git config core.hooksPath . && prints 1 "ok.$leak" && [ ! -e "$tmp/ran" ]
}
check "a repository's own programs are not run" monitored
no_git() {
	fresh && put ok.py && git init -q . && mkdir "$tmp/nothing" && PATH=$tmp/nothing
	status=0
	"$idletx" > "$tmp/out" 2> "$tmp/err" || status=$?
}
without_git() {
	( no_git; [ $status = 1 ] ) && grep -q "ok.$leak" "$tmp/out" && grep -q 'note: git does not list' "$tmp/err"
}
check 'no git' without_git

finish
