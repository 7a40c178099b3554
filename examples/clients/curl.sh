#!/bin/sh
# What happened to one call, asked with curl.
# Usage: [API_KEY=…] sh examples/clients/curl.sh [URL of the graph]
set -eu
url=${1:-http://localhost:4000/graphql}
# Without one: the demo's key, which opens nothing else.
key=${API_KEY:-ctg_demo-dashboard-which-sees-masked-numbers-01}

curl --silent --show-error --fail-with-body "$url" \
  --header 'content-type: application/json' \
  --header "x-api-key: $key" \
  --data @- <<'JSON'
{
  "query": "query ($vdn: Int!, $callId: ID!) { call(vdn: $vdn, callId: $callId) { narrative { headline } verdict endedBy durationMs totals { ivrMs queueMs ringingMs talkingMs } legs { position deviceType deviceNo leaveReason } } }",
  "variables": { "vdn": 170, "callId": "1700000000-2" }
}
JSON
