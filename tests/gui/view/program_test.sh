#!/usr/bin/env bash
# program_test.sh CASE VIEWER WRITER [WINDOW_TESTS]: reticle-view as its users start it.
set -euo pipefail

viewer=$2
writer=$3
tests=${4-}
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
export XDG_RUNTIME_DIR=$directory
# Qt's X11 plugin asks D-Bus for settings, and libdbus keeps a buffer to the end.
echo 'leak:libdbus-1' >"$directory/suppressions"
export LSAN_OPTIONS=suppressions=$directory/suppressions:print_suppressions=0
"$writer" "$directory/two.rtrace"

fail() {
  printf 'FAILED: %s\n' "$*"
  exit 1
}

# png_size FILE: "width height", from the first chunk of a PNG.
png_size() {
  [[ $(head -c 8 "$1" | od -An -tx1 | tr -d ' \n') == 89504e470d0a1a0a ]] || fail "$1 is no PNG"
  od -An -tu1 -j16 -N8 "$1" | awk '{print ($3 * 256) + $4, ($7 * 256) + $8}'
}

# status COMMAND...: its exit status; its messages are kept in a file.
status() {
  local got=0
  "$@" >"$directory/out" 2>"$directory/err" || got=$?
  printf '%s\n' "$got"
}

screenshot_without_display() {
  env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM \
    "$viewer" --screenshot "$directory/a.png" "$directory/two.rtrace"
  [[ $(png_size "$directory/a.png") == '1400 850' ]] || fail "$(png_size "$directory/a.png")"
}

screenshot_size_and_range() {
  export QT_QPA_PLATFORM=offscreen
  "$viewer" --screenshot "$directory/a.png" --size 900x600 "$directory/two.rtrace"
  "$viewer" --screenshot "$directory/b.png" --size 900x600 --range 0.1..0.2 "$directory/two.rtrace"
  "$viewer" --screenshot "$directory/c.png" --size 900x600 --dark "$directory/two.rtrace"
  [[ $(png_size "$directory/a.png") == '900 600' ]] || fail "$(png_size "$directory/a.png")"
  ! cmp -s "$directory/a.png" "$directory/b.png" || fail 'a range changes nothing'
  ! cmp -s "$directory/a.png" "$directory/c.png" || fail 'dark changes nothing'
}

screenshot_on_xvfb() {
  env -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM xvfb-run -a \
    "$viewer" --screenshot "$directory/a.png" --size 900x600 "$directory/two.rtrace"
  [[ $(png_size "$directory/a.png") == '900 600' ]] || fail "$(png_size "$directory/a.png")"
}

# Every case of the window's tests again, on a real display.
interactions_on_xvfb() {
  export QT_QPA_PLATFORM=xcb cases_of=$tests directory
  "$tests" --list-test-names-only >"$directory/cases" || true
  # shellcheck disable=SC2016
  env -u WAYLAND_DISPLAY xvfb-run -a -s '-screen 0 1600x1700x24' bash -c '
    while IFS= read -r name; do
      [[ -n $name ]] || continue
      "$cases_of" "${name//,/\\,}" >"$directory/log" 2>&1 </dev/null || {
        cat "$directory/log"
        exit 1
      }
    done <"$directory/cases"' || fail 'a case'
  (($(wc -l <"$directory/cases") > 50)) || fail 'cases are missing'
}

errors_and_statuses() {
  export QT_QPA_PLATFORM=offscreen
  [[ $(status "$viewer" /nowhere.rtrace) == 2 ]] || fail 'no such file'
  grep -q '/nowhere.rtrace' "$directory/err" || fail 'the file is not named'
  echo nonsense >"$directory/bad.rtrace"
  [[ $(status "$viewer" "$directory/bad.rtrace") == 4 ]] || fail 'not a trace'
  [[ $(status "$viewer" --size 0x0 "$directory/two.rtrace") == 2 ]] || fail 'size'
  for range in 5..1 a..b 1 0..inf; do
    [[ $(status "$viewer" --range "$range" "$directory/two.rtrace") == 2 ]] || fail "range $range"
  done
  [[ $(status "$viewer" --screenshot "$directory/no/a.png" "$directory/two.rtrace") == 5 ]] ||
    fail 'unwritable'
  for option in --model --chip; do
    [[ $(status "$viewer" $option nowhere "$directory/two.rtrace") == 2 ]] || fail "$option"
    grep -q nowhere "$directory/err" || fail "$option does not name what is not there"
  done
}

exports() {
  export QT_QPA_PLATFORM=offscreen
  for ending in svg csv json pftrace; do
    "$viewer" --export "$directory/a.$ending" "$directory/two.rtrace"
    [[ -s $directory/a.$ending ]] || fail "$ending"
  done
  grep -q '^gemm,,2,0.500000,' "$directory/a.csv" || fail 'total of gemm'
  "$viewer" --screenshot "$directory/a.png" --view compare --scale 2 --size 900x600 \
    "$directory/two.rtrace" "$directory/a.json"
  [[ $(png_size "$directory/a.png") == '1800 1200' ]] || fail "$(png_size "$directory/a.png")"
  [[ $(status "$viewer" --view nowhere --screenshot "$directory/a.png" "$directory/two.rtrace") == 2 ]] ||
    fail 'no such view'
  echo '{"traceEvents": []}' >"$directory/none.json"
  [[ $(status "$viewer" --screenshot "$directory/a.png" "$directory/none.json") == 4 ]] || fail 'no events'
}

# Kernel totals of DeepSeek's profile, against a script that reads the JSON on its own.
deepseek_totals() {
  local trace=/work/shared/data/traces/deepseek-profile/train.json
  if [[ ! -r $trace ]] || ! command -v python3 >/dev/null; then
    echo "skipped: it needs $trace (it has no licence to ship) and python3"
    exit 77
  fi
  export QT_QPA_PLATFORM=offscreen
  "$viewer" --export "$directory/a.csv" "$trace"
  python3 - "$trace" "$directory/a.csv" <<'PYTHON'
import csv, json, sys
from collections import defaultdict
from decimal import Decimal
events = json.load(open(sys.argv[1]), parse_float=Decimal)["traceEvents"]
totals, counts = defaultdict(Decimal), defaultdict(int)
for event in events:
    if event.get("cat") == "kernel":
        totals[event["name"]] += event["dur"]
        counts[event["name"]] += 1
shown = {row["name"]: row for row in csv.DictReader(open(sys.argv[2]))}
assert len(totals) > 50, len(totals)
for name, total in totals.items():
    row = shown[name]
    assert Decimal(row["total_us"]) == total and int(row["count"]) == counts[name], (name, total, row)
print(len(totals), "kernels,", sum(totals.values()), "us")
PYTHON
}

[[ $(type -t "$1") == function ]] || fail "no such case: $1"
"$1"
