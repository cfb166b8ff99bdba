# shellcheck shell=bash
# Sourced by the launchers after setup.sh: configures and builds a CMake preset, once at a time.
# Progress goes to standard error.

: "${root:?the top of the tree}"

# What the program is built from. Directories count too: a file removed or added changes its own.
program_sources=(CMakeLists.txt CMakePresets.json cmake schema sim models workloads study cli)

# program_is_current [PRESET PATH SOURCE...]: true if build/PRESET/PATH (release/cli/reticle) was built
# in this tree and nothing it is built from (SOURCE besides the program's), nor any installed package,
# has changed since. Status-change time catches files that were moved or copied in with an old
# modification time.
program_is_current() {
  local preset=${1:-release} path=${2:-cli/reticle} built_in changed
  local stamp=$root/build/$preset/.built sources=("${program_sources[@]}" "${@:3}")
  [[ -x $root/build/$preset/$path && -r $stamp ]] || return 1
  IFS= read -r built_in <"$stamp" && [[ $built_in == "$root" ]] || return 1
  [[ ! /var/lib/dpkg/status -nt $stamp ]] || return 1
  changed=$(find "${sources[@]/#/$root/}" -cnewer "$stamp" -print -quit 2>&1) || return 1
  [[ -z $changed ]]
}

# show_progress: ninja's lines, of the "[12/340] ..." ones only about ten; all else is kept.
show_progress() {
  local line tenth last=-1
  while IFS= read -r line; do
    if [[ $line =~ ^\[([0-9]+)/([0-9]+)\]\  ]]; then
      tenth=$((10 * BASH_REMATCH[1] / BASH_REMATCH[2]))
      ((tenth != last)) || continue
      last=$tenth
    fi
    printf '%s\n' "$line"
  done
}

# run_ninja DIR TARGET...: the status line on a terminal, a few lines elsewhere.
run_ninja() {
  local command=(cmake --build "$1" --parallel "${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}" --target)
  command+=("${@:2}")
  if [[ -t 2 ]]; then
    "${command[@]}" >&2
  else
    "${command[@]}" 2>&1 | show_progress >&2
  fi
}

# configure PRESET: skipped when build/PRESET is configured; a tree that was moved starts afresh,
# because CMake's and ninja's files hold absolute paths.
configure() {
  local dir=$root/build/$1 log=$root/build/configure-$1.log
  if [[ -f $dir/build.ninja ]] &&
    grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$dir/CMakeCache.txt" 2>/dev/null; then
    return 0
  fi
  rm -rf "$dir"
  say "configuring build/$1 (its first build takes some minutes)"
  (cd "$root" && cmake --preset "$1") >"$log" 2>&1 && return 0
  cat "$log" >&2
  say "configuring build/$1 failed; the log above is in $log"
  return 1
}

# use_ccache: objects are shared between clones, and ccache has a place even without a home.
use_ccache() {
  export CCACHE_BASEDIR=${CCACHE_BASEDIR-$root}
  [[ -n ${CCACHE_DIR-} || -w ${HOME:-/nonexistent} ]] || export CCACHE_DIR=$root/build/ccache
}

# build_preset PRESET TARGET...: returns 1, with the log shown, if it can't be built.
build_preset() {
  local preset=$1 stamp=$root/build/$1/.built
  shift
  use_ccache
  configure "$preset" || return 1
  printf '%s\n' "$root" >"$stamp.new" || return 1
  say "building build/$preset"
  if ! run_ninja "$root/build/$preset" "$@"; then
    say "the build failed; the compiler's messages are above"
    return 1
  fi
  mv -f "$stamp.new" "$stamp"
}

# with_lock COMMAND...: one launcher at a time installs or builds in this tree.
with_lock() {
  if ! { mkdir -p "$root/build" && : >>"$root/build/.lock"; } 2>/dev/null; then
    say "cannot write to $root/build, where the build goes"
    return 1
  fi
  (
    flock -n 9 || {
      say "waiting for another launcher that is building here"
      flock 9
    }
    "$@" 9>&-
  ) 9>>"$root/build/.lock"
}
