#!/usr/bin/env bash
# Brings the compose file up from images of this checkout, scans a tile, waits until it is segmented and reported, asks
# the dashboard who is there, and takes everything down again. Exit code 0 when all of it worked.
# Needs `mvn package` first, and Docker with compose; as root on Debian without it, podman is set up.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
containers=$here/../containers
scratch=$(mktemp -d)
export BROKER_PORT=${BROKER_PORT:-19092} REGISTRY_PORT=${REGISTRY_PORT:-18081} REVIEW_PORT=${REVIEW_PORT:-18080}
export USERS_FILE=$scratch/users
slide=smoke-$RANDOM

say() { printf 'smoke test: %s\n' "$*"; }

die() {
  say "FAILED: $*" >&2
  exit 1
}

if docker compose version >/dev/null 2>&1; then
  compose() { docker compose -f "$here/compose.yaml" -p histoflow-smoke "$@"; }
else
  compose() { docker-compose -f "$here/compose.yaml" -p histoflow-smoke "$@"; }
fi

finish() {
  local status=$?
  if [ "$status" != 0 ]; then
    compose ps || true
    compose logs --no-color --tail=15 || true
  fi
  compose down -v -t 10 >"$scratch/down.log" 2>&1 || cat "$scratch/down.log"
  rm -rf "$scratch"
  exit "$status"
}

set_up_engine() {
  if [ "$("$containers/engine" choose)" = docker ]; then
    compose build -q
  else
    # shellcheck disable=SC1091 # written by engine
    . "$("$containers/engine" state)/env"
    KAFKA_IMAGE=$("$containers/images" kafka)
    export KAFKA_IMAGE
    "$containers/images" -f registry histoflow >/dev/null
  fi
}

# until_true SECONDS WHAT COMMAND...
until_true() {
  local deadline=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    [ "$SECONDS" -lt "$deadline" ] || die "$what"
    sleep 1
  done
}

service_is_ready() { compose exec -T "$1" /opt/histoflow/health-check 9400 /health/ready 2>/dev/null; }

slide_is_complete() {
  compose exec -T reporting cat /var/lib/histoflow/reports/slides.json >"$scratch/slides.json" 2>/dev/null &&
    tr -d ' \n' <"$scratch/slides.json" |
    grep -q "{\"slideId\":\"$slide\",\"organ\":\"breast\",\"status\":\"COMPLETE\",\"tilesSeen\":1,"
}

set_up_engine
trap finish EXIT
trap 'exit 130' INT TERM

# The dashboard wants a user before it listens on the network; nobody knows a password for this hash.
echo 'smoke:$2y$05$abcdefghijklmnopqrstuuW2VI1Oh8I3mZrTxEZAy9oyqBEHcCZ0y' >"$USERS_FILE"
chmod 644 "$USERS_FILE"

say 'starting broker, registry and services'
compose up -d 2>"$scratch/up.log" || { cat "$scratch/up.log" >&2; die 'compose up'; }
for service in inference routing review fine-tuning reporting; do
  until_true 180 "$service did not get ready" service_is_ready "$service"
  say "$service is ready"
done

say "scanning one tile of slide $slide"
compose exec -T inference sh -c 'cat >/tmp/tile.png' <"$here/tile.png"
compose exec -T inference /opt/histoflow/histoflow \
  scan /tmp/tile.png --organ breast --slide "$slide" --config /etc/histoflow/histoflow.properties ||
  die 'scan ended with an error'
until_true 120 "no complete report of slide $slide came" slide_is_complete
cat "$scratch/slides.json"
echo

say 'asking the dashboard'
status=$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$REVIEW_PORT/api/alerts")
[ "$status" = 401 ] || die "the dashboard answered $status instead of asking who is there"
say 'passed'
