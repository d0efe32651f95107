# PostgreSQL and its standby, for parts.sh.
PG=/usr/lib/postgresql/15/bin
# Which of the two is the primary, or was it until promote, and which follows it. Each rejoin turns them round.
TURNED="$FOLDER/turned"
if [ -e "$TURNED" ]; then
  PRIMARY=postgres-standby STANDBY=postgres-primary
else
  PRIMARY=postgres-primary STANDBY=postgres-standby
fi
# What promote leaves of a primary that it stopped for good, until rejoin has made a standby of it.
FENCED="$FOLDER/fenced"

# turn: what was fenced follows now.
turn() {
  if [ -e "$TURNED" ]; then rm "$TURNED"; else touch "$TURNED"; fi && rm "$FENCED"
}

# sql PORT STATEMENT: fails where the server does not answer in time, as one that stands still does not.
sql() {
  local port=$1
  shift
  as_nobody env PGCONNECT_TIMEOUT=5 timeout 20 "$PG/psql" -h 127.0.0.1 -p "$port" -U rookery -d rookery -qAt -c "$*"
}

# Whether it runs and takes writes, or runs and follows; neither where it does not answer.
is_primary() { runs "$1" && [ "$(sql "$(port_of "$1")" "SELECT pg_is_in_recovery()" 2>/dev/null)" = f ]; }
is_standby() { runs "$1" && [ "$(sql "$(port_of "$1")" "SELECT pg_is_in_recovery()" 2>/dev/null)" = t ]; }

# begin_postgres primary|standby
begin_postgres() {
  begin "postgres-$1" "$PG/postgres" -D "$FOLDER/postgres-$1" -c port="$(port_of "postgres-$1")" \
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c wal_log_hints=on -c cluster_name="$1"
}

# A primary with an empty database, and a standby that follows it.
make_postgres() {
  mkdir -p "$FOLDER/postgres-primary" "$FOLDER/postgres-standby"
  own "$FOLDER/postgres-primary" "$FOLDER/postgres-standby"
  chmod 700 "$FOLDER/postgres-primary" "$FOLDER/postgres-standby"
  as_nobody "$PG/initdb" -D "$FOLDER/postgres-primary" -U rookery -A trust -E UTF8 --locale=C.UTF-8 >"$FOLDER/log/initdb" 2>&1 ||
    { tail -5 "$FOLDER/log/initdb" >&2; die "initdb failed"; }
  begin_postgres primary
  until_well postgres-primary 30 well postgres-primary "$POSTGRES_PRIMARY"
  as_nobody "$PG/createdb" -h 127.0.0.1 -p "$POSTGRES_PRIMARY" -U rookery rookery || die "the database could not be made"
  as_nobody "$PG/pg_basebackup" -h 127.0.0.1 -p "$POSTGRES_PRIMARY" -U rookery -D "$FOLDER/postgres-standby" -R -X stream -C -S standby -c fast ||
    die "the standby could not be copied"
  begin_postgres standby
  until_well postgres-standby 30 well postgres-standby "$POSTGRES_STANDBY"
  # From here on a commit is on both disks before it is acknowledged. The setting stands in the primary's folder alone: promoted, the standby is alone.
  sql "$POSTGRES_PRIMARY" "ALTER SYSTEM SET synchronous_standby_names = '*'" && sql "$POSTGRES_PRIMARY" "SELECT pg_reload_conf()" >/dev/null ||
    die "the standby could not be made synchronous"
}

# Every process that works in the primary's folder, such as one that a connection has: each is in a group of its own.
primary_processes() {
  local each
  for each in $(pgrep -x postgres); do
    [ "/proc/$each/cwd" -ef "$FOLDER/$PRIMARY" ] && echo "$each"
  done
  return 0
}

# Stops the primary so that nothing of it commits any more.
fence_primary() {
  local tries
  # One that stands still begins no others.
  ! runs "$PRIMARY" || kill -STOP "$(pid_of "$PRIMARY")"
  for ((tries = 100; tries > 0; tries--)); do
    # shellcheck disable=SC2046
    [ -n "$(primary_processes)" ] && kill -KILL $(primary_processes) 2>/dev/null
    ! runs "$PRIMARY" && [ -z "$(primary_processes)" ] && break
    sleep 0.1
  done
  ! runs "$PRIMARY" && [ -z "$(primary_processes)" ] || die "the old primary does not end; nothing was promoted"
  touch "$FENCED" || die "$FENCED could not be written; the old primary is stopped, and nothing was promoted"
}
