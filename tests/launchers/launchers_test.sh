#!/usr/bin/env bash
# launchers_test.sh CASE: one case, on a copy of the launchers in a tree of its own. Its stand-ins for
# cmake, ctest, dpkg-query and apt-get write what they are asked into $calls.
# shellcheck disable=SC2016
set -euo pipefail

source_root=$(readlink -f "${BASH_SOURCE[0]}")
source_root=${source_root%/*/*/*}
sandbox=$(mktemp -d)
trap 'rm -rf "$sandbox"' EXIT
export sandbox calls=$sandbox/calls
tree=$sandbox/tree

fail() {
  printf 'FAILED: %s\n' "$*"
  printf -- '--- calls\n%s\n--- standard error\n%s\n' "$(cat "$calls")" "$(cat "$sandbox/err" 2>&1)"
  exit 1
}

expect() { # expect WHAT EXPECTED ACTUAL
  [[ $2 == "$3" ]] || fail "$1: expected '$2', got '$3'"
}

expect_in() { # expect_in WHAT PART FILE
  grep -qF -- "$2" "$3" || fail "$1: expected '$2' in $(cat "$3")"
}

# tool NAME: a stand-in on the PATH; its script comes on standard input.
tool() {
  { printf '#!/bin/bash\n'; cat; } >"$sandbox/bin/$1"
  chmod +x "$sandbox/bin/$1"
}

make_tree() {
  local dir
  mkdir -p "$tree" "$sandbox/bin"
  : >"$calls"
  cp -r "$source_root"/{reticle,reticle-view,test,scripts} "$tree"
  for dir in cmake schema sim models workloads study cli gui; do
    mkdir "$tree/$dir"
    : >"$tree/$dir/source.cpp"
  done
  : >"$tree/CMakeLists.txt"
  : >"$tree/CMakePresets.json"
}

# The stand-in for cmake configures by writing the two files the launchers look at, and builds a
# program that prints its arguments and its directory and exits with the status it is told.
make_tools() {
  tool dpkg-query <<'TOOL'
for name in "${@:4}"; do echo "installed $name"; done
TOOL
  tool apt-get <<'TOOL'
echo "apt-get $*" >>"$calls"; echo "apt's chatter"
TOOL
  tool sudo <<'TOOL'
while [[ $1 == -* ]]; do shift; done; exec "$@"
TOOL
  tool cmake <<'TOOL'
echo "cmake $*" >>"$calls"
if [[ $1 == --preset ]]; then
  mkdir -p "build/$2"
  echo "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" >"build/$2/CMakeCache.txt"
  : >"build/$2/build.ninja"
else
  echo '[1/2] compiling'
  mkdir -p "$2/cli" "$2/gui/app"
  printf '#!/bin/bash\necho "in $PWD: $*"\nexit "${status:-0}"\n' >"$2/cli/reticle"
  cp "$2/cli/reticle" "$2/gui/app/reticle-view"
  chmod +x "$2/cli/reticle" "$2/gui/app/reticle-view"
fi
TOOL
  tool ctest <<'TOOL'
echo "ctest $*" >>"$calls"
echo '90% tests passed, 1 tests failed out of 10'
exit 8
TOOL
  export PATH=$sandbox/bin:$PATH
}

# run COMMAND...: its standard output is kept in $out, its standard error in a file, its status in $got.
run() {
  got=0
  out=$("$@" 2>"$sandbox/err") || got=$?
}

built() {
  run "$tree/reticle"
  expect 'status of the first call' 0 "$got"
  : >"$calls"
}

later_call_starts_without_cmake() {
  run "$tree/reticle" one
  expect_in 'first call' 'cmake --preset release' "$calls"
  expect_in 'first call' "cmake --build $tree/build/release" "$calls"
  expect_in 'first call' '--target reticle_cli' "$calls"
  : >"$calls"
  run "$tree/reticle" two
  expect 'tools called' '' "$(cat "$calls")"
  expect 'standard error' '' "$(cat "$sandbox/err")"
}

arguments_and_status_pass_through() {
  built
  export status=2
  run "$tree/reticle" no-such-command 'a  b' --set 'x=1'
  expect status 2 "$got"
  expect output "in $PWD: no-such-command a  b --set x=1" "$out"
}

# The program itself, given in $RETICLE_PROGRAM, behind the launcher.
unknown_command_of_the_program() {
  built
  cp "$RETICLE_PROGRAM" "$tree/build/release/cli/reticle"
  run "$tree/reticle" no-such-command
  expect status 2 "$got"
  expect output '' "$out"
  [[ -s $sandbox/err ]] || fail 'no message'
}

paths_are_relative_to_the_caller() {
  mkdir "$sandbox/elsewhere"
  ln -s "$tree/reticle" "$sandbox/elsewhere/link"
  cd "$sandbox/elsewhere"
  run ./link study.yaml
  expect output "in $sandbox/elsewhere: study.yaml" "$out"
}

standard_output_is_the_programs() {
  sed -i '/^for name/d' "$sandbox/bin/dpkg-query"
  run "$tree/reticle" --json
  expect output "in $PWD: --json" "$out"
  expect_in 'standard error' "apt's chatter" "$sandbox/err"
  expect_in 'standard error' '[1/2] compiling' "$sandbox/err"
}

changed_source_builds_again() {
  built
  : >"$sandbox/source.cpp"
  touch -d 2001-01-01 "$sandbox/source.cpp"
  mv "$sandbox/source.cpp" "$tree/sim/source.cpp"
  run "$tree/reticle"
  expect 'tools called' 1 "$(grep -c 'cmake --build' "$calls")"
  expect 'configured again' 0 "$(grep -c 'cmake --preset' "$calls")"
}

removed_source_builds_again() {
  built
  rm "$tree/sim/source.cpp"
  run "$tree/reticle"
  expect 'tools called' 1 "$(grep -c 'cmake --build' "$calls")"
}

failed_build_exits_5() {
  built
  tool cmake <<<'echo "FAILED: source.cpp:1: no such type"; exit 1'
  : >"$tree/sim/source.cpp"
  local call
  for call in first second; do
    run "$tree/reticle"
    expect "status of the $call call" 5 "$got"
    expect "output of the $call call" '' "$out"
    expect_in 'standard error' 'FAILED: source.cpp:1: no such type' "$sandbox/err"
    expect_in 'standard error' 'the build failed' "$sandbox/err"
  done
}

failed_configure_exits_5() {
  tool cmake <<<'echo "CMake Error: no SystemC"; exit 1'
  run "$tree/reticle"
  expect status 5 "$got"
  expect_in 'standard error' 'CMake Error: no SystemC' "$sandbox/err"
  expect_in 'standard error' 'configuring build/release failed' "$sandbox/err"
}

moved_tree_configures_afresh() {
  built
  : >"$tree/build/release/left_over"
  mv "$tree" "$sandbox/moved"
  tree=$sandbox/moved
  run "$tree/reticle"
  expect status 0 "$got"
  expect_in 'moved tree' 'cmake --preset release' "$calls"
  [[ ! -e $tree/build/release/left_over ]] || fail 'the old build is still there'
}

two_at_once_build_once() {
  # The build ends only when the other launcher has said that it waits.
  sed -i 's/^else$/&\nuntil grep -q waiting "$sandbox"\/*err; do sleep 0.05; done/' "$sandbox/bin/cmake"
  "$tree/reticle" 2>"$sandbox/other_err" >"$sandbox/other_out" &
  run "$tree/reticle"
  wait $!
  expect 'status of one' 0 "$got"
  expect 'output of one' "in $PWD: " "$out"
  expect 'output of the other' "in $PWD: " "$(cat "$sandbox/other_out")"
  expect 'builds' 1 "$(grep -c 'cmake --build' "$calls")"
  cat "$sandbox/other_err" >>"$sandbox/err"
  expect_in 'standard error' 'waiting for another launcher' "$sandbox/err"
}

viewer_is_built_apart() {
  sed -i '/^for name/s/echo/[[ $name == qt6* ]] || echo/' "$sandbox/bin/dpkg-query"
  built
  expect 'calls of apt for the program' 0 "$(grep -c apt-get "$calls")"
  run "$tree/reticle-view" a.rtrace
  expect output "in $PWD: a.rtrace" "$out"
  expect_in 'apt' ' install -y --no-install-recommends qt6-base-dev' "$calls"
  expect_in 'build' "cmake --build $tree/build/view" "$calls"
  expect_in 'build' '--target reticle_view' "$calls"
  : >"$calls"
  : >"$tree/gui/source.cpp"
  run "$tree/reticle"
  expect 'tools called for the program' '' "$(cat "$calls")"
  run "$tree/reticle-view"
  expect 'builds of the viewer' 1 "$(grep -c 'cmake --build' "$calls")"
}

missing_packages_are_installed() {
  sed -i '/^for name/s/echo/[[ $name == libssl-dev || $name == libboost* ]] || echo/' \
    "$sandbox/bin/dpkg-query"
  run "$tree/reticle"
  expect status 0 "$got"
  expect 'calls of apt' 2 "$(grep -c apt-get "$calls")"
  expect_in 'apt' ' install -y --no-install-recommends libboost1.81-dev libssl-dev' "$calls"
}

either_boost_will_do() {
  sed -i '/^for name/s/echo/[[ $name == libboost1.81-dev ]] || echo/' "$sandbox/bin/dpkg-query"
  built
  expect 'calls of apt' 0 "$(grep -c apt-get "$calls")"
}

no_root_and_no_sudo_is_said() {
  sed -i '/^for name/d' "$sandbox/bin/dpkg-query"
  rm "$sandbox/bin/sudo"
  ln -s "$(command -v bash)" "$sandbox/bin/bash"
  local name
  for name in readlink mkdir flock rm grep mv cat find; do
    ln -s "$(command -v "$name")" "$sandbox/bin/$name"
  done
  # EUID can't be set in a shell: the copy takes itself for an ordinary user's.
  sed -i 's/EUID != 0/1/' "$tree/scripts/setup.sh"
  PATH=$sandbox/bin run "$tree/reticle"
  expect status 5 "$got"
  expect_in 'standard error' 'neither root nor sudo' "$sandbox/err"
  expect_in 'standard error' 'apt-get install --no-install-recommends g++ cmake' "$sandbox/err"
  expect 'tools called' '' "$(cat "$calls")"
}

failed_install_exits_5() {
  sed -i '/^for name/d' "$sandbox/bin/dpkg-query"
  tool apt-get <<<'echo "E: no network" >&2; exit 100'
  run "$tree/reticle"
  expect status 5 "$got"
  expect_in 'standard error' 'E: no network' "$sandbox/err"
  expect_in 'standard error' 'apt-get could not install: g++ cmake' "$sandbox/err"
}

test_counts_what_ctest_says() {
  run "$tree/test"
  expect status 1 "$got"
  expect 'closing line' '27 passed, 3 failed' "${out##*$'\n'}"
  tool ctest <<<'echo "100% tests passed, 0 tests failed out of 7"'
  run "$tree/test" --quick -R engine
  expect status 0 "$got"
  expect 'closing line' '14 passed, 0 failed' "${out##*$'\n'}"
}

test_without_tests_fails() {
  tool ctest <<<'echo "No tests were found!!!"'
  run "$tree/test"
  expect status 1 "$got"
  expect 'closing line' '0 passed, 0 failed' "${out##*$'\n'}"
  run "$tree/test" -R nothing
  expect 'status with a name that matches nothing' 1 "$got"
  expect_in 'standard error' 'no test ran' "$sandbox/err"
}

test_fails_when_the_build_fails() {
  tool ctest <<<'echo "100% tests passed, 0 tests failed out of 7"'
  sed -i 's/^if /[[ $2 != *asan ]] || exit 1\n&/' "$sandbox/bin/cmake"
  run "$tree/test"
  expect status 1 "$got"
  expect 'closing line' '14 passed, 0 failed' "${out##*$'\n'}"
  expect_in 'standard error' 'testing did not finish' "$sandbox/err"
}

[[ $(type -t "$1") == function ]] || fail "no such case: $1"
make_tree
make_tools
"$1"
