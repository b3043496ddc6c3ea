#!/bin/sh
# test_sarif.sh - what idletx writes passes the validator; see sarif_validate.sh.
exec sh "$(dirname "$0")/sarif_validate.sh"
