#!/usr/bin/env bash
# Makes cmu-1-overlay.jpg anew: scans OpenSlide's sample CMU-1-Small-Region.svs at the resolution that its file says,
# segments it with the model that ships, exports the mask and draws it on the slide.
# usage: overlay.sh CMU-1-Small-Region.svs
set -euo pipefail
slide=$(readlink -f "${1:?usage: overlay.sh CMU-1-Small-Region.svs}")
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
histoflow=${HISTOFLOW:-$here/../../../histoflow}
work=$(mktemp -d)
"$histoflow" up --port 0 --data-dir "$work/data" > "$work/up.log" 2>&1 &
up=$!
trap 'kill "$up" 2> /dev/null || true; wait "$up" 2> /dev/null || true; rm -rf "$work"' EXIT

await() { # a command that holds in the end; for ten minutes at most
  for ((i = 0; i < 300; i++)); do
    kill -0 "$up" || { tail -n 20 "$work/up.log" >&2; exit 1; }
    ! "$@" || return 0
    sleep 2
  done
  echo "overlay.sh: it took too long: $*" >&2
  exit 1
}
started() { grep -qs '^Ctrl-C stops' "$work/up.log"; }
segmented() {
  "$histoflow" export overlay --format masks --out "$work/mask.tif" --json "$work/mask.json" \
    --config "$work/data/client.properties" > "$work/export.log" 2>&1 &&
    grep -q '"tilesMissing" *: *0' "$work/mask.json"
}

await started
"$histoflow" scan "$slide" --organ unknown --slide overlay --config "$work/data/client.properties"
await segmented
"$histoflow" study overlay "$slide" --mask "$work/mask.tif" --out "$here/cmu-1-overlay.jpg"
