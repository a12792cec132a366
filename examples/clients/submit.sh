#!/usr/bin/env bash
# A client of cased in a shell: one line to nc submits a case, jq reads the reply.
# Usage: CASED_SOCKET=/run/cased/cased.sock submit.sh MATTER TITLE
set -euo pipefail

matter=$1 title=$2
request=$(jq -cn --arg matter "$matter" --arg title "$title" --arg key "$(cat /proc/sys/kernel/random/uuid)" '{
    jsonrpc: "2.0", id: 1, method: "case.submit", params: {
        matter: $matter, title: $title, applicant: {id: "91X", name: "Harbin Logistics"}, materials: ["application-form"],
        channel: "online", idempotency_key: $key}}')

reply=$(printf '%s\n' "$request" | nc -NU "${CASED_SOCKET:-/run/cased/cased.sock}")
if jq -e .error <<< "$reply" > /dev/null; then
    jq -r '.error.message + (if .error.data.hint then "; " + .error.data.hint else "" end)' <<< "$reply" >&2
    exit 1
fi
jq -r '.result | "\(.case) \(.state), receipt \(.receipt)"' <<< "$reply"
