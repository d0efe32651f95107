# What up, down, status, restart, promote and rejoin share. A part is a process with a name; its pid, its log and its folder are found by that.
set -u -o pipefail
# The parts run as another user, who must be able to read what is written here.
umask 022
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
SOURCE=$(cd "$HERE/../.." && pwd)
FOLDER=$(realpath -ms -- "${ROOKERY_CLUSTER:-$PWD/cluster-data}")
RABBIT=/usr/lib/rabbitmq/bin
ROLES="accounts graph posts fanout timelines search media notifications web"
# The processes of a role: two, and of search two for each of its two shards.
numbers_of() { if [ "$1" = search ]; then echo 1 2 3 4; else echo 1 2; fi; }
PACKAGES="postgresql-15 redis-server rabbitmq-server memcached haproxy rsyslog radosgw ceph-mon ceph-osd ceph-common curl libicu72"

say() { echo "$*"; }

die() {
  echo "cluster: $*" >&2
  exit 1
}

# takes "WORD…" "$@": refuses every argument that is none of these words. --help says what stands at the head of the script.
takes() {
  local known=" $1 " each
  shift
  for each in "$@"; do
    case $each in
      -h | --help)
        sed -n '2,${/^#/!q;s/^# \{0,1\}//p}' "$0"
        exit 0
        ;;
    esac
  done
  for each in "$@"; do
    case $each in
      "" | *" "*) die "there is no argument '$each'; nothing was done (--help says what there is)" ;;
    esac
    case $known in
      *" $each "*) ;;
      *) die "there is no argument '$each'; nothing was done (--help says what there is)" ;;
    esac
  done
}

. "$HERE/postgres.sh"

# None of the parts runs as root, and PostgreSQL refuses to.
as_nobody() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs -- "$@"
  else
    "$@"
  fi
}

own() {
  [ "$(id -u)" != 0 ] || chown -R nobody:nogroup "$@"
}

# One part in a session of its own, so that nothing that ends the shell ends it.
begin() {
  local name=$1
  shift
  mkdir -p "$FOLDER/$name" "$FOLDER/pid" "$FOLDER/started" "$FOLDER/log"
  own "$FOLDER/$name"
  if [ "$(id -u)" = 0 ]; then
    setsid setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs -- env HOME="$FOLDER/home" "$@" \
      >>"$FOLDER/log/$name" 2>&1 </dev/null &
  else
    HOME="$FOLDER/home" setsid "$@" >>"$FOLDER/log/$name" 2>&1 </dev/null &
  fi
  note "$name" $!
}

# note NAME PID: the process that is this part from now on.
note() {
  echo "$2" >"$FOLDER/pid/$1"
  start_of "$2" >"$FOLDER/started/$1"
}

pid_of() { cat "$FOLDER/pid/$1" 2>/dev/null; }

# Which boot a process began in, and how long after it: a pid is given to others when its process has ended.
start_of() {
  local stat
  stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
  # Its name stands second, in parentheses, and may hold spaces; of what follows, the 20th is when it began.
  set -- ${stat##*)}
  echo "$(cat /proc/sys/kernel/random/boot_id) ${20}"
}

# is_still PID START: the process that began then, and no other. A zombie has ended, though kill -0 finds it.
is_still() {
  [[ $1 =~ ^[0-9]+$ ]] && [ "$(start_of "$1")" = "$2" ] && ! grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}

runs() {
  local pid start
  pid=$(pid_of "$1") && start=$(cat "$FOLDER/started/$1" 2>/dev/null) && is_still "$pid" "$start"
}

# What a part that has ended started itself and left behind: of its group, those alone that say by where their home is that they are this cluster's.
kill_left_behind() {
  local pid each
  pid=$(pid_of "$1") && [[ $pid =~ ^[0-9]+$ ]] || return 0
  for each in $(pgrep -g "$pid"); do
    tr '\0' '\n' 2>/dev/null <"/proc/$each/environ" | grep -qxF "HOME=$FOLDER/home" && kill -KILL "$each" 2>/dev/null
  done
  return 0
}

# ended NAME SECONDS: waits until it has.
ended() {
  local tries
  for ((tries = $2 * 10; tries > 0; tries--)); do
    runs "$1" || return 0
    sleep 0.1
  done
  ! runs "$1"
}

# until_well NAME SECONDS COMMAND…: waits for the command to succeed; a part that ends before it does is told with its log.
until_well() {
  local name=$1 seconds=$2 tries
  shift 2
  for ((tries = seconds * 10; tries > 0; tries--)); do
    "$@" >/dev/null 2>&1 && return 0
    runs "$name" || break
    sleep 0.1
  done
  tail -20 "$FOLDER/log/$name" >&2
  die "$name did not come up; its log is $FOLDER/log/$name"
}

# Ports that nobody listens on, each given out once.
free_port() {
  local port
  while port=$((20000 + RANDOM % 10000)); do
    grep -qx "$port" "$FOLDER/taken" 2>/dev/null && continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
    echo "$port" >>"$FOLDER/taken"
    echo "$port"
    return
  done
}

# free_redis_port: a cluster's node also listens 10,000 above. Both lie below the ports that the system gives to outgoing connections.
free_redis_port() {
  local port
  while port=$((20000 + RANDOM % 2700)); do
    grep -qx "$port" "$FOLDER/taken" 2>/dev/null && continue
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && continue
    (exec 3<>"/dev/tcp/127.0.0.1/$((port + 10000))") 2>/dev/null && continue
    echo "$port" >>"$FOLDER/taken"
    echo "$port"
    return
  done
}

load_ports() {
  [ -f "$FOLDER/ports" ] || die "there is no cluster in $FOLDER; start one with ./deploy/cluster/up"
  # It is read as a script: nothing but numbers and keys.
  ! grep -qvE '^[A-Za-z0-9_]+=[A-Za-z0-9]+$' "$FOLDER/ports" && grep -q '^SERVICE_KEY=' "$FOLDER/ports" ||
    die "$FOLDER/ports is no cluster's file of ports; nothing was done"
  . "$FOLDER/ports"
}

# Run by its parts as well as by rabbitmqctl.
rabbit_environment() {
  local number=$1 port=RABBIT_$1 distribution=RABBIT_DISTRIBUTION_$1 folder="$FOLDER/rabbitmq-$1"
  echo HOME="$FOLDER/home" ERL_EPMD_PORT="$RABBIT_NAMES" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_ALLOW_INPUT=1 \
    RABBITMQ_NODENAME="rookery$number@localhost" RABBITMQ_NODE_PORT="${!port}" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 \
    RABBITMQ_DIST_PORT="${!distribution}" RABBITMQ_CONF_ENV_FILE="$folder/none" RABBITMQ_CONFIG_FILE="$folder/rabbitmq" \
    RABBITMQ_MNESIA_BASE="$folder/mnesia" RABBITMQ_LOG_BASE="$folder/log" RABBITMQ_SCHEMA_DIR="$folder/schema" \
    RABBITMQ_GENERATED_CONFIG_DIR="$folder/generated" RABBITMQ_PID_FILE="$folder/pid" \
    RABBITMQ_ENABLED_PLUGINS_FILE="$folder/plugins" LC_ALL=C.UTF-8
}

rabbitmqctl() {
  local number=$1
  shift
  # shellcheck disable=SC2046
  as_nobody env $(rabbit_environment "$number") "$RABBIT/rabbitmqctl" -q "$@"
}

# What the broker's nodes say of all of them: who has too little of what. One that runs is asked; nothing where none does, or none answers.
broker_alarms() {
  local number
  for number in 1 2 3; do
    runs "rabbitmq-$number" && rabbitmqctl "$number" eval --timeout 10 'rabbit_alarm:get_alarms().' 2>/dev/null && return
  done
  return 0
}

# alarm_of NUMBER ALARMS: what this node has too little of, as {resource_limit,disk,rookery1@localhost} says; fails where it has enough.
alarm_of() {
  local what
  for what in disk memory; do
    [[ ${2//[$'\n \'']/} == *"{resource_limit,$what,rookery$1@localhost}"* ]] && echo "$what" && return
  done
  return 1
}

begin_redis() {
  local number=$1 port=REDIS_$1
  mkdir -p "$FOLDER/redis-$number"
  # Timelines are derived, so nothing is saved. A master that has lost its replicas stops acknowledging: what it took then would be lost.
  begin "redis-$number" redis-server --port "${!port}" --bind 127.0.0.1 --dir "$FOLDER/redis-$number" --save "" --appendonly no \
    --cluster-enabled yes --cluster-node-timeout 2000 --cluster-require-full-coverage no --repl-diskless-sync-delay 0 \
    --min-replicas-to-write 1 --min-replicas-max-lag 10
}

# Where the nodes of the broker find each other.
begin_rabbitmq_names() { begin rabbitmq-names env ERL_EPMD_ADDRESS=127.0.0.1 epmd -port "$RABBIT_NAMES"; }

begin_rabbitmq() {
  local number=$1
  # shellcheck disable=SC2046
  begin "rabbitmq-$number" env $(rabbit_environment "$number") \
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}" \
    sh -c 'ulimit -Sn 16384; exec "$0" -noinput' "$RABBIT/rabbitmq-server"
}

# The variable in the file of ports that has a process's, such as PORT_accounts_1.
port_of() {
  local name
  case $1 in
    postgres-primary) name=POSTGRES_PRIMARY ;;
    postgres-standby) name=POSTGRES_STANDBY ;;
    redis-*) name=REDIS_${1#*-} ;;
    rabbitmq-*) name=RABBIT_${1#*-} ;;
    memcached-*) name=MEMCACHED_${1#*-} ;;
    logs) name=LOGS ;;
    s3) name=S3 ;;
    ceph-monitor) name=CEPH_MONITOR ;;
    *) name=PORT_${1//-/_} ;;
  esac
  echo "${!name}"
}

begin_memcached() {
  begin "memcached-$1" memcached -l 127.0.0.1 -p "$(port_of "memcached-$1")" -U 0 -m 64
}

begin_logs() {
  begin logs rsyslogd -n -f "$FOLDER/logs/rsyslog.conf" -i "$FOLDER/logs/pid"
}

# The programs of Ceph find everything by its configuration.
ceph_program() { as_nobody env CEPH_CONF="$FOLDER/ceph/ceph.conf" HOME="$FOLDER/home" "$@"; }

# What lies in the S3 server lies in the memory of ceph-disk.
begin_ceph_monitor() { begin ceph-monitor env CEPH_CONF="$FOLDER/ceph/ceph.conf" ceph-mon -f -i a; }

begin_ceph_disk() { begin ceph-disk env CEPH_CONF="$FOLDER/ceph/ceph.conf" ceph-osd -f -i 0; }

begin_s3() { begin s3 env CEPH_CONF="$FOLDER/ceph/ceph.conf" radosgw -f -n client.rgw.rookery; }

ceph_disk_is_up() { ceph_program ceph osd stat | grep -q '1 up'; }

shard_of() { echo "http://127.0.0.1:$(port_of "search-$1")"; }

# One process of a role, such as `begin_role accounts 1`.
begin_role() {
  local role=$1 number=$2 redis="" each port rabbit
  for each in 1 2 3 4 5 6; do port=REDIS_$each && redis="$redis,127.0.0.1:${!port}"; done
  # All three; each process begins with another one.
  for each in 0 1 2; do port=RABBIT_$(((number + each) % 3 + 1)) && rabbit="${rabbit:-},amqp://guest:guest@127.0.0.1:${!port}/"; done
  mkdir -p "$FOLDER/$role-$number"
  chmod 700 "$FOLDER/$role-$number"
  local shards=()
  [ "$role" != search ] || shards=(Search__Shard=$(((number + 1) / 2))
    Search__Shards="$(shard_of 1),$(shard_of 2);$(shard_of 3),$(shard_of 4)")
  # A process holds four connections of PostgreSQL's: many requests share them.
  begin "$role-$number" env DOTNET_gcServer=0 \
    Databases__Default="Host=127.0.0.1:$POSTGRES_PRIMARY,127.0.0.1:$POSTGRES_STANDBY;Database=rookery;Username=rookery" \
    Databases__Readers=2 Redis__Nodes="${redis#,}" RabbitMq__Uri="${rabbit#,}" \
    Memcached__Nodes="127.0.0.1:$MEMCACHED_1,127.0.0.1:$MEMCACHED_2" Service__Key="$SERVICE_KEY" Drain__Seconds=2 Proxies__Trusted=127.0.0.1 \
    S3__Endpoint="http://127.0.0.1:$S3" S3__AccessKey=rookery S3__SecretKey="$S3_SECRET" \
    Logs__Syslog="tcp://127.0.0.1:$LOGS" Logs__Instance="$role-$number" \
    "${shards[@]}" \
    dotnet "$FOLDER/server/Rookery.Server.dll" serve --roles "$role" --data "$FOLDER/$role-$number" --urls "http://127.0.0.1:$(port_of "$role-$number")"
}

begin_haproxy() {
  local role number balance
  mkdir -p "$FOLDER/haproxy"
  {
    sed -e "s/@ADDRESS@/127.0.0.1:$ADDRESS/" "$HERE/haproxy.cfg"
    for role in $ROLES; do
      # What one reader reads only ever grows where one process answers him.
      [ "$role" = timelines ] && balance="hdr(Authorization)" || balance=leastconn
      echo
      echo "backend $role"
      echo "  balance $balance"
      echo "  hash-type consistent"
      for number in $(numbers_of "$role"); do echo "  server $role-$number 127.0.0.1:$(port_of "$role-$number")"; done
      # Where none is ready they lack the same thing, and each knows best what it can answer without: what it holds in memory is read while the database is
      # away. Not searches: one that has not read all posts would find some, and nobody would know.
      [ "$role" = search ] && continue
      echo "  option allbackups"
      for number in $(numbers_of "$role"); do echo "  server $role-$number-unready 127.0.0.1:$(port_of "$role-$number") no-check backup"; done
    done
  } >"$FOLDER/haproxy/haproxy.cfg"
  begin haproxy haproxy -db -f "$FOLDER/haproxy/haproxy.cfg"
}

well() {
  case $1 in
    postgres-*) as_nobody "$PG/pg_isready" -q -h 127.0.0.1 -p "$2" ;;
    redis-*) [ "$(redis-cli -p "$2" ping)" = PONG ] && redis-cli -p "$2" cluster info | grep -q cluster_state:ok ;;
    # One that stands still takes a connection and says nothing.
    memcached-*) timeout 2 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" && echo version >&3 && head -c 8 <&3 | grep -q VERSION' "$2" ;;
    # It lists no buckets to nobody, and says so.
    s3) curl -fsS -m 2 "http://127.0.0.1:$2/" ;;
    rabbitmq-* | logs | ceph-monitor) (exec 3<>"/dev/tcp/127.0.0.1/$2") ;;
    accounts-* | graph-* | posts-* | fanout-* | timelines-* | search-* | media-* | notifications-* | web-* | haproxy) curl -fsS -m 2 "http://127.0.0.1:$2/health/ready" ;;
    *) true ;;
  esac >/dev/null 2>&1
}

# Every part with the port it answers on.
parts() {
  echo "logs $LOGS"
  echo "postgres-primary $POSTGRES_PRIMARY"
  echo "postgres-standby $POSTGRES_STANDBY"
  local number port role
  for number in 1 2 3 4 5 6; do port=REDIS_$number && echo "redis-$number ${!port}"; done
  echo "rabbitmq-names $RABBIT_NAMES"
  for number in 1 2 3; do port=RABBIT_$number && echo "rabbitmq-$number ${!port}"; done
  for number in 1 2; do port=MEMCACHED_$number && echo "memcached-$number ${!port}"; done
  echo "ceph-monitor $CEPH_MONITOR"
  echo "ceph-disk -"
  echo "s3 $S3"
  for role in $ROLES; do
    for number in $(numbers_of "$role"); do echo "$role-$number $(port_of "$role-$number")"; done
  done
  echo "haproxy $ADDRESS"
}
