#!/usr/bin/env bash
# Kills the sample with SIGKILL at random moments and runs it again, over and over; every few kills a run may end, and must end all ok.
#
# Usage: kill-loop.sh REPOSITORY [KILLS] [more options of the sample]
#   KILLS        how many kills (default 50)
#   SAMPLE       environment: the built GitHistory.dll (default: built now, Release)
#   SEED         environment: seed of the random moments (default: from the clock; printed)
set -u

repository=${1:?usage: kill-loop.sh REPOSITORY [KILLS] [options]}
kills=${2:-50}
shift
[ $# -gt 0 ] && shift

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
if [ -z "${SAMPLE:-}" ]; then
  built=$(dotnet build -c Release -v q --nologo "$here/../../samples/GitHistory") || { echo "$built"; exit 2; }
  SAMPLE="$here/../../samples/GitHistory/bin/Release/net10.0/GitHistory.dll"
fi

RANDOM=${SEED:=$$}
echo "seed $SEED"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# run_whole FOLDER [options]: to the end; the output is shown when it is not all ok.
run_whole() {
  local folder=$1
  shift
  if ! dotnet "$SAMPLE" "$repository" --output "$folder" "$@" >"$work/log" 2>&1; then
    cat "$work/log"
    echo "FAILED after $done_kills kills (seed $SEED)"
    exit 1
  fi
}

done_kills=0
started=$(date +%s%N)
run_whole "$work/first" "$@"
whole_ms=$((($(date +%s%N) - started) / 1000000))
echo "a run without kills takes $whole_ms ms"

round=0
early=0
while [ "$done_kills" -lt "$kills" ]; do
  round=$((round + 1))
  folder="$work/round$round"
  in_round=$((1 + RANDOM % 5))
  while [ "$in_round" -gt 0 ] && [ "$done_kills" -lt "$kills" ]; do
    in_round=$((in_round - 1))
    dotnet "$SAMPLE" "$repository" --output "$folder" "$@" >"$work/log" 2>&1 &
    pid=$!
    delay=$((RANDOM * whole_ms / 32768))
    sleep "$(printf '%d.%03d' $((delay / 1000)) $((delay % 1000)))"
    if kill -KILL "$pid" 2>/dev/null; then
      done_kills=$((done_kills + 1))
      wait "$pid" 2>/dev/null
    else
      early=$((early + 1))
      if ! wait "$pid"; then
        cat "$work/log"
        echo "FAILED without a kill, after $done_kills kills (seed $SEED)"
        exit 1
      fi
    fi
  done
  run_whole "$folder" "$@"
  rm -rf "$folder"
done

echo "$done_kills kills in $round rounds, $early runs ended before their kill: all ok"
