#!/bin/sh
# Checks what a change brings:
#
#     fencedep-ci.sh BASE [PATH...]
#
# BASE is the branch that the change is to be merged into, or HEAD before a commit; PATHs are as for `fencedep check`. Run it in the git
# work tree. Of the environment, FENCEDEP is the program (default: fencedep) and FENCEDEP_DATABASE the directory of
# compile_commands.json (default: the current one).
#
# Exit status: 0 nothing new, 1 it could not be run, 2 new findings, 3 no new findings but some unit could not be analysed.
set -eu

if [ $# -eq 0 ]; then
  echo "usage: fencedep-ci.sh BASE [PATH...]" >&2
  exit 1
fi
base=$1
shift

# What was merged into BASE since the change began is not the change's doing.
if ! start=$(git merge-base -- "$base" HEAD); then
  echo "fencedep-ci: '$base' and HEAD have no common commit here; in a shallow clone, fetch more of the history" >&2
  exit 1
fi

report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
"${FENCEDEP:-fencedep}" check -p "${FENCEDEP_DATABASE:-.}" --diff="$start" "$@" >"$report" || status=$?
cat "$report"

# Findings count first, and a unit that could not be read does not hide them.
if [ "$status" -eq 3 ] && grep -Eq '^[^ ].*: (warning|error): .* \[fence-[a-z-]+\]$' "$report"; then
  status=2
fi
case $status in
0) ;;
2) echo "fencedep-ci: the change brings new findings" >&2 ;;
3) echo "fencedep-ci: no new findings, but some units could not be analysed" >&2 ;;
*)
  echo "fencedep-ci: fencedep could not be run (status $status)" >&2
  status=1
  ;;
esac
exit "$status"
