#!/usr/bin/env python3
"""How several calls went, one line each, with Python's standard library. Needs Python 3.9 or newer.

Usage: [API_KEY=...] python3 examples/clients/python.py [URL of the graph]
"""
import json
import os
import sys
import time
import urllib.error
import urllib.request

URL = sys.argv[1] if len(sys.argv) > 1 else "http://localhost:4000/graphql"
# Without one: the demo's key, which opens nothing else.
KEY = os.environ.get("API_KEY", "ctg_demo-dashboard-which-sees-masked-numbers-01")

QUERY = """
query CallList($keys: [CallKeyInput!]!) {
  callResults(keys: $keys) {
    __typename
    ... on Call { callId verdict complete endedBy durationMs }
    ... on CallNotFound { callId }
    ... on CallProblem { callId code message retryable }
  }
}
"""


class NoRedirects(urllib.request.HTTPRedirectHandler):
    """The key goes nowhere else."""

    def redirect_request(self, *_):
        return None


OPENER = urllib.request.build_opener(NoRedirects)


def ask(query, variables, attempts=3):
    """Returns the data of an answer. Raises RuntimeError if the request is refused as a whole."""
    body = json.dumps({"query": query, "variables": variables}).encode()
    headers = {"content-type": "application/json", "x-api-key": KEY}
    for attempt in range(1, attempts + 1):
        request = urllib.request.Request(URL, data=body, headers=headers)
        try:
            with OPENER.open(request, timeout=15) as response:
                answer = json.load(response)
                break
        except urllib.error.HTTPError as error:
            retry_after = error.headers.get("retry-after", "1")
            if error.code not in (429, 502, 503, 504) or attempt == attempts or not retry_after.isdigit():
                raise RuntimeError(f"HTTP {error.code}: {first_message(error.read())}") from None
            time.sleep(int(retry_after))
    if answer.get("data") is None:
        raise RuntimeError(first_message(json.dumps(answer)))
    return answer["data"]


def first_message(body):
    """Returns code and message of a refusal; what a proxy says where the body is no answer of a gateway."""
    try:
        error = json.loads(body)["errors"][0]
        return f'{error["extensions"]["code"]}: {error["message"]}'
    except (ValueError, KeyError, IndexError, TypeError):
        return "no answer of a gateway"


def story_of(result):
    """Returns what a page shows of one result."""
    if result["__typename"] == "CallNotFound":
        return "not found"
    if result["__typename"] == "CallProblem":
        return f'{result["code"]}: {result["message"]}'
    if not result["complete"]:
        return "in progress"
    return f'{result["verdict"]}, {result["durationMs"] / 1000:g} s, ended by {result["endedBy"]}'


try:
    call_ids = ["1700000000-2", "1700000000-3", "1700000000-10", "1700000000-404", "ticket-7"]
    data = ask(QUERY, {"keys": [{"vdn": 170, "callId": call_id} for call_id in call_ids]})
    for found in data["callResults"]:
        print(f'{found["callId"]}: {story_of(found)}')
except (RuntimeError, urllib.error.URLError) as error:
    sys.exit(str(error))
