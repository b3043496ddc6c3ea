#!/bin/sh
# Checks the sample application, as a user would, and says what to look at.
set -eu
idletx=$1
demo=fixtures/projects/demo

echo "\$ idletx check $demo"
status=0
"$idletx" check --no-cache "$demo" || status=$?
if [ $status != 1 ]; then
	echo "demo: expected findings and exit status 1, got $status" >&2
	exit 1
fi
cat <<E2

Exit status 1: there are findings. Next:
  $idletx explain unreleased-on-return
  $idletx audit $demo
  $idletx check --format sarif --output findings.sarif $demo
E2
