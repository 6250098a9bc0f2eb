#!/usr/bin/env bash
# Private PostgreSQL and MariaDB servers for the tests, on the loopback address and on Unix sockets.
#   tests/servers.sh start FOLDER               starts them there and prints shell exports that tell where they are
#   tests/servers.sh stop FOLDER                stops them, and all that were added, and removes the folder
#   tests/servers.sh add FOLDER ENGINE NAME     one more (postgres or mariadb) for a test that ends it; prints its URL
#   tests/servers.sh again FOLDER ENGINE NAME   starts that one again after its death, on another port; prints its URL
#   tests/servers.sh remove FOLDER NAME         stops that one and removes its files
# Each server has a folder FOLDER/NAME with its data, socket, log, port and process id.
set -euo pipefail
shopt -s nullglob
umask 077
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/install.sh"
PATH=$PATH:/usr/sbin:/sbin

# The folder of the newest PostgreSQL from version 14 on.
newest_postgres() {
  local folder version newest=13
  for folder in /usr/lib/postgresql/*/bin; do
    version=${folder%/bin} version=${version##*/}
    [[ $version =~ ^[0-9]+$ && -x $folder/initdb && -x $folder/psql ]] || continue
    if [ "$version" -gt "$newest" ]; then newest=$version; fi
  done
  [ "$newest" = 13 ] || echo "/usr/lib/postgresql/$newest/bin"
}

install_missing() {
  local missing=()
  [ -n "$(newest_postgres)" ] || missing+=(postgresql)
  command -v mariadbd mariadb-install-db mariadb mariadb-dump >/dev/null || missing+=(mariadb-server mariadb-client)
  command -v openssl >/dev/null || missing+=(openssl)
  [ ${#missing[@]} = 0 ] || install_packages "${missing[@]}"
  [ -n "$(newest_postgres)" ] || fail "no PostgreSQL 14 or later in /usr/lib/postgresql"
}

# as ENGINE COMMAND...: runs it as the engine's own user, since PostgreSQL refuses to be root.
as() {
  local user=$1
  shift
  if [ "$(id -u)" != 0 ]; then exec "$@"; fi
  if [ "$user" = mariadb ]; then user=mysql; fi
  exec setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"
}

# own ENGINE PATH...: gives the paths to the user that the engine runs as.
own() {
  local user=$1
  shift
  if [ "$user" = mariadb ]; then user=mysql; fi
  if [ "$(id -u)" = 0 ]; then chown -R "$user:$user" "$@"; fi
}

# A private certificate authority, a certificate for the name "localhost" and not for its address, and an authority
# that nobody's certificate is from.
make_certificates() {
  cat >openssl.cnf <<-'END'
	[req]
	distinguished_name = name
	prompt = no
	[name]
	[authority]
	basicConstraints = critical, CA:TRUE
	keyUsage = critical, keyCertSign, cRLSign
	subjectKeyIdentifier = hash
	[server]
	basicConstraints = critical, CA:FALSE
	keyUsage = critical, digitalSignature
	extendedKeyUsage = serverAuth
	subjectAltName = DNS:localhost
	subjectKeyIdentifier = hash
	authorityKeyIdentifier = keyid
	END
  local key=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -config openssl.cnf)
  local authority=(-x509 "${key[@]}" -extensions authority -days 30)
  openssl req "${authority[@]}" -subj "/CN=sanera tests" -keyout ca.key -out ca.pem
  openssl req "${authority[@]}" -subj "/CN=somebody else" -keyout other-ca.key -out other-ca.pem
  openssl req "${key[@]}" -subj /CN=localhost -keyout server.key -out server.csr
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile openssl.cnf -extensions server \
    -days 30 -out server.pem
  chmod 644 ca.pem other-ca.pem
}

# Data folders of servers that have never run, of which each server gets a copy.
make_templates() {
  local fresh=$folder/templates
  mkdir "$fresh" "$fresh/postgres" "$fresh/mariadb"
  chmod 755 "$fresh"
  (umask 022; cp password "$fresh/password")
  own postgres "$fresh/postgres" "$fresh/password"
  (as postgres "$postgres_bin/initdb" --pgdata="$fresh/postgres" --no-sync --username=postgres \
    --pwfile="$fresh/password" --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8)
  rm "$fresh/password"
  own mariadb "$fresh/mariadb"
  (as mariadb mariadb-install-db --no-defaults --datadir="$fresh/mariadb" --skip-test-db --innodb-log-file-size=16M \
    --auth-root-authentication-method=normal)
  # sqlx knows this way of signing in; the only account is root from this machine.
  cat >"$fresh/mariadb/init.sql" <<-END
	DELETE FROM mysql.global_priv WHERE Host <> 'localhost' OR User = '';
	FLUSH PRIVILEGES;
	ALTER USER root@localhost IDENTIFIED VIA mysql_native_password USING PASSWORD('$password');
	END
  own mariadb "$fresh/mariadb/init.sql"
}

# A port where nobody answers, below those that the kernel gives to clients. Should somebody take it before the server
# does, then the server ends and is started again on another.
free_port() {
  local port
  while :; do
    port=$((20000 + (RANDOM * 32768 + RANDOM) % 12000))
    if ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
}

# prepare NAME ENGINE: the folder of a server.
prepare() {
  local home=$folder/$1
  mkdir "$home" || fail "$home: is there already"
  cp -a "$folder/templates/$2" "$home/data"
  cp server.pem server.key "$home"
  own "$2" "$home"
  chmod 755 "$home"
}

# launch NAME ENGINE MODE: starts the server on a free port, with TLS if MODE is tls; does not wait.
# A commit reaches the operating system, not the disk: data outlive the server's death, not the machine's.
launch() {
  local home=$folder/$1 engine=$2 mode=$3 port command
  port=$(free_port)
  echo "$port" >"$home/port"
  if [ "$engine" = postgres ]; then
    command=("$postgres_bin/postgres" -D "$home/data" -c port="$port" -c listen_addresses=127.0.0.1
      -c unix_socket_directories="$home" -c dynamic_shared_memory_type=mmap -c fsync=off
      -c full_page_writes=off -c wal_level=logical -c max_connections=200)
    if [ "$mode" = tls ]; then
      command+=(-c ssl=on -c ssl_cert_file="$home/server.pem" -c ssl_key_file="$home/server.key")
    fi
  else
    command=("$(command -v mariadbd)" --no-defaults --datadir="$home/data" --init-file="$home/data/init.sql"
      --bind-address=127.0.0.1 --port="$port" --socket="$home/socket" --tmpdir="$home" --skip-log-bin
      --innodb-flush-log-at-trx-commit=2 --innodb-buffer-pool-size=256M --max-connections=200
      --character-set-server=utf8mb4 --collation-server=utf8mb4_general_ci)
    if [ "$mode" = tls ]; then command+=(--ssl-cert="$home/server.pem" --ssl-key="$home/server.key")
    else command+=(--skip-ssl --innodb-buffer-pool-size=32M)
    fi
  fi
  # A session of its own: Ctrl-C in the terminal is for the tests, and whoever started the servers stops them.
  trap '' HUP INT TERM # no signal may come between the start and the note of whom to stop
  (cd "$home" && as "$engine" setsid "${command[@]}") </dev/null >>"$home/log" 2>&1 &
  echo $! >"$home/pid"
  heed_signals
}

# alive NAME: whether the server runs. Its working folder tells it from a later process of the same number.
alive() {
  local pid
  pid=$(cat "$folder/$1/pid" 2>/dev/null) && [[ $(readlink "/proc/$pid/cwd")/ == "$folder/$1/"* ]]
}

# answers NAME ENGINE: whether the server lets root in.
answers() {
  local port
  port=$(cat "$folder/$1/port")
  if [ "$2" = postgres ]; then
    PGPASSWORD=$password "$postgres_bin/psql" -X -w -h 127.0.0.1 -p "$port" -U postgres -c 'SELECT 1'
  else
    MYSQL_PWD=$password mariadb --no-defaults --host=127.0.0.1 --port="$port" --user=root -e 'SELECT 1'
  fi &>/dev/null
}

# await NAME ENGINE MODE: returns when the server answers.
await() {
  local restarts=0 polls=0
  until answers "$1" "$2"; do
    if ! alive "$1" && [ "$((restarts += 1))" -le 3 ]; then launch "$@"; fi
    if [ "$((polls += 1))" -gt 300 ]; then
      tail -n 20 "$folder/$1/log" >&2
      fail "$1: does not answer"
    fi
    sleep 0.1
  done
}

# url NAME ENGINE
url() {
  local port
  port=$(cat "$folder/$1/port")
  if [ "$2" = postgres ]; then echo "postgres://postgres:$password@localhost:$port/postgres"
  else echo "mysql://root:$password@localhost:$port/"
  fi
}

# halt NAME...: ends the servers without tidying up, since their data goes away too. Of a PostgreSQL that was killed, a
# segment of System V shared memory stays, which its lock file names.
halt() {
  local name signal polls segment
  for signal in QUIT KILL; do
    for name in "$@"; do
      if alive "$name"; then kill -"$signal" "$(cat "$folder/$name/pid")" 2>/dev/null || true; fi
    done
    for name in "$@"; do
      for ((polls = 0; polls < 100; polls++)); do
        alive "$name" || break
        sleep 0.05
      done
    done
  done
  for name in "$@"; do
    segment=$(sed -n '7s/.* //p' "$folder/$name/data/postmaster.pid" 2>/dev/null || true)
    [ -z "$segment" ] || ipcrm -m "$segment" 2>/dev/null || true
  done
}

stop() {
  local pids=("$folder"/*/pid) names=()
  [ ${#pids[@]} = 0 ] || names=("${pids[@]%/pid}") names=("${names[@]##*/}")
  halt "${names[@]}"
  rm -rf "$folder"
}

# The servers of every test: NAME ENGINE MODE.
servers=("postgres postgres tls" "postgres-plain postgres plain" "mariadb mariadb tls" "mariadb-plain mariadb plain")

start() {
  local server
  # A Unix socket's path has at most 107 bytes.
  [ ${#folder} -le 60 ] || fail "$folder: too long for the sockets in it"
  mkdir -p "$folder"
  [ -z "$(ls -A "$folder")" ] || fail "$folder: is not empty; stop the servers there with: $0 stop $folder"
  cd "$folder"
  chmod 755 .
  touch setup.log
  trap 'cat setup.log >&2 || true; stop' EXIT
  for server in postgres mariadb; do
    (as "$server" test -x "$folder") || fail "$folder: the user that $server runs as cannot reach this folder"
  done
  openssl rand -hex 16 >password
  password=$(cat password)
  make_certificates >setup.log 2>&1
  make_templates >>setup.log 2>&1
  trap stop EXIT
  # shellcheck disable=SC2086 # three words each
  for server in "${servers[@]}"; do
    set -- $server
    prepare "$1" "$2"
    launch "$@"
  done
  # shellcheck disable=SC2086
  for server in "${servers[@]}"; do await $server; done
  print_exports
  trap - EXIT
}

print_exports() {
  local line
  for line in \
    "SANERA_TEST_SERVERS=$folder" \
    "SANERA_TEST_POSTGRES=$(url postgres postgres)" \
    "SANERA_TEST_POSTGRES_PLAIN=$(url postgres-plain postgres)" \
    "SANERA_TEST_POSTGRES_SOCKET=$folder/postgres" \
    "SANERA_TEST_POSTGRES_BIN=$postgres_bin" \
    "SANERA_TEST_MARIADB=$(url mariadb mariadb)" \
    "SANERA_TEST_MARIADB_PLAIN=$(url mariadb-plain mariadb)" \
    "SANERA_TEST_MARIADB_SOCKET=$folder/mariadb/socket" \
    "SANERA_TEST_MARIADB_BIN=$(dirname "$(command -v mariadb)")" \
    "SANERA_TEST_CA=$folder/ca.pem" \
    "SANERA_TEST_OTHER_CA=$folder/other-ca.pem"; do
    printf 'export %s=%q\n' "${line%%=*}" "${line#*=}"
  done
}

# Continues in the folder that `start` has made.
enter() {
  [ -f "$folder/setup.log" ] || fail "$folder: no servers were started there"
  cd "$folder"
  password=$(cat password)
}

# Whatever ends this script while servers start makes it stop them.
heed_signals() {
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
}

heed_signals
folder=$(realpath -m "${2:-.}")
case "${1:-} $#" in
  "start 2")
    install_missing
    postgres_bin=$(newest_postgres)
    start
    ;;
  "stop 2")
    if [ -e "$folder" ]; then
      enter
      cd /
      stop
    fi
    ;;
  "add 4")
    enter
    postgres_bin=$(newest_postgres)
    prepare "$4" "$3"
    launch "$4" "$3" tls
    await "$4" "$3" tls
    url "$4" "$3"
    ;;
  "again 4")
    enter
    postgres_bin=$(newest_postgres)
    halt "$4"
    rm -f "$4/data/postmaster.pid"
    launch "$4" "$3" tls
    await "$4" "$3" tls
    url "$4" "$3"
    ;;
  "remove 3")
    enter
    halt "$3"
    rm -rf "${folder:?}/$3"
    ;;
  *)
    sed -n '2,8s/^# \?//p' "$0" >&2
    exit 2
    ;;
esac
