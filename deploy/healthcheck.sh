#!/bin/bash
# Ends with 0 if the gateway answers 200 at /healthz, and with 1 if not: without a program of its own, for bash speaks TCP.
# Follows HOST, PORT and ADMIN_PORT as the gateway does. Usage: healthcheck.sh [HOST [PORT]]
host=${1:-${HOST:-0.0.0.0}}
port=${2:-${ADMIN_PORT:-${PORT:-4000}}}
# Whoever listens at every address does at this one.
case $host in 0.0.0.0) host=127.0.0.1 ;; ::) host=::1 ;; esac

exec 3<>"/dev/tcp/$host/$port" || exit 1
printf 'GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r -t 2 _ status _ <&3
[[ $status == 200 ]]
