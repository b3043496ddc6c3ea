#!/bin/sh
# sarif_validate.sh - no error and no warning from Microsoft's validator, GitHub's
# rules included, about what idletx writes for every project in fixtures/.
#
#     tests/sarif_validate.sh [IDLETX]      default: $IDLETX, else build/debug/idletx
set -u
here=$(cd "$(dirname "$0")/.." && pwd)
idletx=${1:-${IDLETX:-$here/build/debug/idletx}}
case $idletx in /*) ;; *) idletx=$PWD/$idletx ;; esac
validator=${SARIF_MULTITOOL:-$here/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool}
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 # it needs no ICU then
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
passed=0 failed=0

fail() {
	echo "not so: $*"
	failed=$((failed + 1))
}

# Its exit status is 0 whatever it says, so what it says is read. It takes a second
# to start, so it is given all files at once.
valid() { # FILE...
	"$validator" validate "$@" --rule-kind 'Sarif;Ghas' --max-file-size-in-kb 1000000 > "$tmp/said" 2>&1
	grep -q '^Analysis completed successfully' "$tmp/said" &&
		grep -q "^Done\\. $# files scanned" "$tmp/said" &&
		! grep -Eq ': (error|warning) [A-Z]+[0-9]+: ' "$tmp/said"
}

# Names that are no URIs as they stand, a file without a final newline, one line only.
odd_project() { # FOLDER
	mkdir -p "$1/a b/100%" &&
		printf '%s\n' '[project]' 'name = "odd"' > "$1/pyproject.toml" &&
		printf '%s\n' 'from fastapi import APIRouter, Depends' '' 'router = APIRouter()' '' '' \
			'@router.get("/x{y}")' 'def read(flag: bool, db=Depends(get_db)):' \
			'    if db.query(Thing).first() is None:' '        return {"a": [1](2)}' \
			'    db.commit()' '    db.close()' '    return {}' > "$1/a b/100%/é:#?.py" &&
		printf '%s' 'def read(db=Depends(get_db)): return db.query(Thing).all()' > "$1/one.py"
}

log() { # NAME FOLDER, then options: logs/NAME.sarif
	name=$1
	folder=$2
	shift 2
	"$idletx" "$@" --format sarif --no-cache --fail-on never --root "$folder" \
		--output "$tmp/logs/$name.sarif" "$folder" > "$tmp/said" 2>&1
	status=$?
	[ $status = 0 ] && return
	fail "$name: idletx ends with $status"
	cat "$tmp/said"
}

[ -x "$validator" ] || { echo "no validator at $validator; tools/setup.sh test brings it" >&2; exit 1; }

# A validator that finds nothing in this would find nothing at all.
printf '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]}\n' > "$tmp/bad.sarif"
if valid "$tmp/bad.sarif"; then fail 'the validator refuses a bad log'; else passed=$((passed + 1)); fi

mkdir "$tmp/logs"
odd_project "$tmp/odd project" || fail 'the odd project can be made'
for folder in "$here"/fixtures/projects/*/ "$tmp/odd project/"; do
	[ -d "$folder" ] || continue
	folder=${folder%/}
	name=${folder##*/}
	log "$name" "$folder" check
	log "$name, explicit" "$folder" check --policy explicit --sarif-suppressed
	log "$name, audit" "$folder" audit --sarif-base "$(dirname "$folder")"
done
if valid "$tmp/logs"/*.sarif; then
	passed=$((passed + $(ls "$tmp/logs" | wc -l)))
else
	fail 'all logs are valid'
	cat "$tmp/said"
fi
echo "$passed passed, $failed failed"
[ $failed = 0 ]
