#!/bin/sh
# Plans by the HTTP API (forsun serve --http 127.0.0.1:6459):
#
#     sh plans.sh [URL]
set -eu
forsun=${1:-http://127.0.0.1:6459}

# In 30 minutes, once.
curl -sS -X PUT "$forsun/v1/plan" -H 'Content-Type: application/json' -d '{
  "key": "order:17",
  "seconds": 0,
  "minute": 30,
  "count": 1,
  "action": "http",
  "params": {"url": "http://localhost:8080/orders/17/unpaid", "method": "post"}
}'
echo

# Daily at 16:32, and every five seconds, as lines of a crontab.
curl -sS -X POST "$forsun/v1/plan" -H 'Content-Type: application/crontab' \
  --data-binary "report 0 32 16 * * * shell 'cmd=make report'
ping */5/0 * * * * * http 'url=http://localhost:8080/ping'"
echo

# What there is.
curl -sS "$forsun/v1/keys?prefix="
echo
curl -sS -G "$forsun/v1/plan" --data-urlencode 'key=order:17'
echo

# Away with them.
for key in order:17 report ping; do
  curl -sS -X DELETE -G "$forsun/v1/plan" --data-urlencode "key=$key" -o /dev/null
done
curl -sS "$forsun/v1/keys?prefix="
echo
