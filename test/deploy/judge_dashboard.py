"""Reads a dashboard by the classes that Grafana makes of its schema, and prints what of it they do not know."""

import json
import sys

from grafana_foundation_sdk.cog.encoder import JSONEncoder
from grafana_foundation_sdk.cog.plugins import register_default_plugins
from grafana_foundation_sdk.models.dashboard import Dashboard

register_default_plugins()
with open(sys.argv[1]) as file:
    given = json.load(file)
known = json.loads(JSONEncoder().encode(Dashboard.from_json(given)))
unknown = []


def compare(a, b, path):
    if isinstance(a, dict) and isinstance(b, dict):
        for key, value in a.items():
            compare(value, b.get(key), f"{path}.{key}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for at, (one, other) in enumerate(zip(a, b)):
            compare(one, other, f"{path}.{at}")
    elif a != b and not (a in ({}, []) and b is None):
        unknown.append(path)


compare(given, known, "")
print(json.dumps({"panels": len(known["panels"]), "unknown": unknown}))
