#!/bin/sh
# What happened to one call, asked with curl.
# Usage: sh examples/curl.sh [URL of the graph]
set -eu
url=${1:-http://localhost:4000/graphql}

curl --silent --show-error --fail-with-body "$url" \
  --header 'content-type: application/json' \
  --data @- <<'JSON'
{
  "query": "query ($vdn: Int!, $callId: ID!) { call(vdn: $vdn, callId: $callId) { complete endedBy durationMs legs { position deviceType deviceNo leaveReason } } }",
  "variables": { "vdn": 170, "callId": "1700000000-2" }
}
JSON
