# shellcheck shell=bash
# Sourced by the launchers: installs the Debian packages that are missing. Everything it prints goes
# to standard error, because standard output is reserved for results.

# What the build needs. An entry with "|" is satisfied by any of its names; the first is installed.
# (Debian's two Boost versions conflict, so a machine with either keeps what it has.)
# shellcheck disable=SC2034
build_packages=(
  g++ cmake ninja-build ccache pkg-config
  libsystemc-dev 'libboost1.81-dev|libboost1.74-dev' libprotobuf-dev protobuf-compiler
  libssl-dev zlib1g-dev catch2 libyaml-cpp-dev libcli11-dev nlohmann-json3-dev rapidjson-dev
)

# What the viewer, ./reticle-view, needs besides: Qt, and a font where there is none.
# shellcheck disable=SC2034
view_packages=(qt6-base-dev qt6-svg-dev fonts-dejavu-core)

# What ./test and scripts/lint --format need besides. Other versions format differently.
# shellcheck disable=SC2034
test_packages=(clang-format-14 xvfb xauth)

say() { printf 'reticle: %s\n' "$*" >&2; }

# missing_packages ENTRY...: prints the package to install for every entry nothing satisfies.
missing_packages() {
  local installed entry name names
  mapfile -t names < <(printf '%s\n' "${@//|/$'\n'}")
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${names[@]}" 2>/dev/null)
  for entry in "$@"; do
    for name in ${entry//|/ }; do
      [[ $'\n'$installed$'\n' == *$'\n'"installed $name"$'\n'* ]] && continue 2
    done
    printf '%s\n' "${entry%%|*}"
  done
}

# run_apt ARG...: apt-get as root, never asking, waiting for another apt to finish.
run_apt() {
  local as_root=()
  if ((EUID != 0)); then
    as_root=(sudo)
    [[ -t 0 ]] || as_root+=(-n)
  fi
  local settings=(DEBIAN_FRONTEND=noninteractive) name
  for name in http_proxy https_proxy no_proxy; do
    [[ -n ${!name-} ]] && settings+=("$name=${!name}")
  done
  "${as_root[@]}" env "${settings[@]}" apt-get -q -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 "$@" </dev/null >&2
}

# install_packages ENTRY...: installs what is missing; returns 1, with the reason said, if it can't.
install_packages() {
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    say "this is not a Debian system, so nothing is installed; the build needs: ${*%%|*}"
    return 0
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} > 0)) || return 0
  if ((EUID != 0)) && ! command -v sudo >/dev/null; then
    say "packages are missing, and neither root nor sudo is here to install them; as root, run:"
    say "  apt-get install --no-install-recommends ${missing[*]}"
    return 1
  fi
  say "installing ${missing[*]}"
  run_apt update || say "apt-get update failed; trying the package lists that are here"
  run_apt install -y --no-install-recommends "${missing[@]}" && return 0
  say "apt-get could not install: ${missing[*]} (its messages are above; Reticle is built on Debian 12)"
  return 1
}
