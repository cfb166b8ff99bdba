#!/usr/bin/env bash
# program_test.sh CASE VIEWER WRITER: reticle-view as its users start it.
set -euo pipefail

viewer=$2
writer=$3
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
}

[[ $(type -t "$1") == function ]] || fail "no such case: $1"
"$1"
