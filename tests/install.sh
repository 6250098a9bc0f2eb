# shellcheck shell=bash
# Sourced by run.sh and servers.sh: installs Debian packages that the tests need.

fail() {
  echo "$0: $*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"
  elif command -v sudo >/dev/null; then sudo "$@"
  else fail "needs root or sudo to run: $*"
  fi
}

# install_packages PACKAGE...: Debian starts a server as soon as its package is installed, unless policy-rc.d says no.
install_packages() {
  command -v apt-get >/dev/null || fail "no apt-get here; install these packages by hand: $*"
  # shellcheck disable=SC2016 # $policy and $@ are for the inner shell
  as_root bash -euc '
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      trap "rm -f $policy" EXIT
      printf "#!/bin/sh\nexit 101\n" >"$policy"
      chmod 755 "$policy"
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update
    apt-get install -y --no-install-recommends "$@"
  ' install "$@" >&2
}
