"""Compare our decisions with another engine's, given as JSON lines.

    python -m tests.support.oracles.compare_engines REQUESTS ANSWERS [SHOWN]

REQUESTS holds input lines of ``rolescope evaluate``; ANSWERS a line ``{"id", "decision"}`` for each. A difference is
explained when a known rule of the other engine (see `KNOWN`), put into the case, makes our engine decide as it did;
what no rule explains is printed. Exit status 1 when there is any.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from iam.policy.evaluate_lines import answer_line
from iam.policy.match import overlap
from iam.service_reference import rcp_services

Case = dict[str, Any]
Statement = dict[str, Any]

NOTHING = "arn:aws:none:::matches-nothing"
DOCUMENTS = (
    "identityPolicies",
    "boundaryPolicies",
    "vpcEndpointPolicies",
    "scps",
    "rcps",
    "resourcePolicy",
    "sessionPolicy",
)


def each_statement(case: Case, change: Callable[[Statement, str], Statement | None]) -> Case:
    """The case with every statement changed, or left out where None comes back."""

    def walk(value: Any, key: str) -> Any:
        if isinstance(value, list):
            return [walk(item, key) for item in value]
        if isinstance(value, dict) and "policy" in value:
            return {**value, "policy": walk(value["policy"], key)}
        if isinstance(value, dict) and "Statement" in value:
            listed = value["Statement"] if isinstance(value["Statement"], list) else [value["Statement"]]
            changed = [found for one in listed if (found := change(dict(one), key)) is not None]
            return {**value, "Statement": changed}
        return value

    return {key: walk(value, key) if key in DOCUMENTS else value for key, value in case.items()}


def each_pattern(one: Statement, change: Callable[[str], str]) -> Statement:
    for element in ("Resource", "NotResource"):
        if element in one:
            patterns = one[element] if isinstance(one[element], list) else [one[element]]
            one[element] = [change(pattern) for pattern in patterns]
    return one


def endpoint_principals(case: Case) -> Case:
    def change(one: Statement, key: str) -> Statement:
        if key == "vpcEndpointPolicies":
            one.pop("NotPrincipal", None)
            one.pop("Principal", None)
        return one

    return each_statement(case, change)


def short_patterns_of_rcps(case: Case) -> Case:
    def change(one: Statement, key: str) -> Statement:
        if key != "rcps":
            return one
        if "NotResource" in one:
            return one
        return each_pattern(one, lambda pattern: pattern if pattern == "*" or pattern.count(":") >= 5 else NOTHING)

    return each_statement(case, change)


def rcps_of_every_service(case: Case) -> Case:
    """RCPs of a service that has none, as statements of the resource's own policy."""
    if not case.get("rcps") or case["action"].partition(":")[0].lower() in rcp_services():
        return case
    denies = [
        one
        for level in case["rcps"]
        for policy in level
        for one in (policy["Statement"] if isinstance(policy["Statement"], list) else [policy["Statement"]])
        if one["Effect"] == "Deny"
    ]
    own = case.get("resourcePolicy") or {"Version": "2012-10-17", "Statement": []}
    listed = own["Statement"] if isinstance(own["Statement"], list) else [own["Statement"]]
    kept = {key: value for key, value in case.items() if key != "rcps"}
    return {**kept, "resourcePolicy": {**own, "Statement": [*listed, *denies]}}


def whole_networks(case: Case) -> Case:
    text = json.dumps(case).replace('"0.0.0.0/0"', '"240.0.0.1"').replace('"::/0"', '"240.0.0.1"')
    found: Case = json.loads(text)
    return found


def wildcards_in_resource_types(case: Case) -> Case:
    def change(pattern: str) -> str:
        kind, separator, _ = re.sub(r"\$\{[^}]*\}", "", pattern).split(":", 5)[-1].replace("/", ":").partition(":")
        return NOTHING if pattern.count(":") >= 5 and separator and re.search(r"[*?]", kind) else pattern

    return each_statement(case, lambda one, _: each_pattern(one, change))


def case_of_wild_requests(case: Case) -> Case:
    if "*" not in case["resource"]:
        return case

    def letters(pattern: str) -> str:
        return pattern if pattern == "*" or (pattern.startswith("arn:aws:") and "**" not in pattern) else NOTHING

    def change(one: Statement, _: str) -> Statement:
        return one if one["Effect"] == "Allow" and "Resource" in one else each_pattern(one, letters)

    return each_statement(case, change)


def parts_that_are_spared(case: Case) -> Case:
    wanted = case["resource"]
    if not re.search(r"[*?]", wanted):
        return case

    def change(one: Statement, _: str) -> Statement | None:
        listed = one.get("NotResource", [])
        patterns = [re.sub(r"\$\{[^}]*\}", "*", text) for text in ([listed] if isinstance(listed, str) else listed)]
        return None if one["Effect"] == "Deny" and any(overlap(text, wanted) for text in patterns) else one

    return each_statement(case, change)


def accounts_of_providers(case: Case) -> Case:
    """A provider's caller named by the provider's account."""
    who = case["principal"]
    if not isinstance(who, str) or ":oidc-provider/" not in who:
        return case
    account = who.split(":")[4]

    def change(one: Statement, _: str) -> Statement:
        # An Allow for the account leaves it to identity policies, and these callers have none.
        for element in ("Principal", "NotPrincipal") if one["Effect"] == "Deny" else ():
            if re.search(rf'"(?:{account}|[^"]*:{account}:root)"', json.dumps(one.get(element, ""))):
                one[element] = {**one[element], "Federated": who}
        return one

    return each_statement(case, change)


def accounts_that_are_spared(case: Case) -> Case:
    """A NotPrincipal of a Deny that lists the caller's account or role, with the caller in its place."""
    who = case["principal"]
    account = re.search(r":(\d{12}):", who) if isinstance(who, str) else None
    if account is None:
        return case
    role = f'|[^"]*:role/(?:[^"]*/)?{who.split("/")[1]}' if ":assumed-role/" in who else ""

    def change(one: Statement, _: str) -> Statement:
        listed = json.dumps(one.get("NotPrincipal", ""))
        if one["Effect"] == "Deny" and re.search(rf'"(?:{account[1]}|[^"]*:{account[1]}:root{role})"', listed):
            one["NotPrincipal"] = {"AWS": [who]}
        return one

    return each_statement(case, change)


def other_family_than_one_address(case: Case) -> Case:
    context = {key.lower(): value for key, value in case["contextVariables"].items()}
    if ":" not in context.get("aws:sourceip", ""):
        return case
    text = re.sub(r'"\d+\.\d+\.\d+\.\d+"', '"no address"', json.dumps(case))
    found: Case = json.loads(text)
    return found


def unresolved_not_resources(case: Case) -> Case:
    present = {key.lower() for key in case["contextVariables"]}

    def change(one: Statement, _: str) -> Statement | None:
        patterns = one.get("NotResource", [])
        text = json.dumps(patterns)
        keys = re.findall(r"\$\{([^},]*)\}", text)
        return None if any(key.lower() not in present for key in keys) else one

    return each_statement(case, change)


def null_variables_of_negated_operators(case: Case) -> Case:
    """A negated operator with a variable that has no value, as a condition that is never true."""
    present = {key.lower() for key in case["contextVariables"]}

    def missing(values: Any) -> bool:
        keys = re.findall(r"\$\{([^},]*)\}", json.dumps(values))
        return any(key.lower() not in present for key in keys)

    def change(one: Statement, _: str) -> Statement:
        condition: dict[str, Any] = {}
        for name, block in one.get("Condition", {}).items():
            negated = "Not" in name and any(missing(values) for values in block.values())
            condition.setdefault("Bool" if negated else name, {}).update({"aws:none": "true"} if negated else block)
        return {**one, "Condition": condition} if condition else one

    return each_statement(case, change)


def federated_users_that_assume_roles(case: Case) -> Case:
    if case["action"].lower() != "sts:assumerole":
        return case
    found: Case = json.loads(re.sub(r":sts::(\d{12}):federated-user/", r":iam::\1:user/", json.dumps(case)))
    return found


def federated_users_without_a_session_policy(case: Case) -> Case:
    if ":federated-user/" not in str(case["principal"]) or "sessionPolicy" in case:
        return case
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return {**case, "sessionPolicy": {"Version": "2012-10-17", "Statement": [everything]}}


def session_limits_direct_grants(case: Case) -> Case:
    """The session policy as one more organization level, which every grant must pass."""
    if "sessionPolicy" not in case:
        return case
    return {**case, "scps": [*case.get("scps", []), [case["sessionPolicy"]]]}


# What the other engine does, and what AWS's documentation says (UG: the IAM User Guide's page).
KNOWN: list[tuple[str, Callable[[Case], Case]]] = [
    ("takes no notice of Principal in endpoint policies; it counts (UG: VPC endpoint policies)", endpoint_principals),
    ("RCPs match no pattern that ends before the account; a last * reaches on (UG: Resource)", short_patterns_of_rcps),
    ("RCPs deny in every service; they reach those on AWS's list (Organizations: RCPs)", rcps_of_every_service),
    ("0.0.0.0/0 and ::/0 contain no address; they contain all (RFC 4632)", whole_networks),
    ("wildcards before the first / or : of a resource part are letters (UG: Resource)", wildcards_in_resource_types),
    ("a request with wildcards is compared with an ARN's start by case", case_of_wild_requests),
    ("IPv6 is not comparable with one IPv4 address; it is another one (UG: operators)", other_family_than_one_address),
    (
        "a NotResource whose variable has no value is skipped; it equals nothing (UG: variables)",
        unresolved_not_resources,
    ),
    (
        "a negated operator is false of a variable without value; it does match null (UG: variables)",
        null_variables_of_negated_operators,
    ),
    (
        "federated users may call AssumeRole; STS does not let them (UG: Compare AWS STS credentials)",
        federated_users_that_assume_roles,
    ),
    (
        "federated users have their user's permissions without a session policy; none (UG: GetFederationToken)",
        federated_users_without_a_session_policy,
    ),
    ("session policies limit direct grants; they do not (UG: Principal)", session_limits_direct_grants),
    (
        "a Deny leaves a request with wildcards alone when its NotResource spares a part; the rest is denied",
        parts_that_are_spared,
    ),
    (
        "accounts and roles in NotPrincipal spare all; not beside one of theirs (UG: NotPrincipal)",
        accounts_that_are_spared,
    ),
    (
        "an account names callers with its provider's token; they are none of its principals",
        accounts_of_providers,
    ),
]


def possible(case: Case) -> tuple[str, ...]:
    """The decision, and the other one where it is unknown whether a statement applies."""
    answer = json.loads(answer_line(json.dumps(case))[0])
    return answer.get("decision", answer.get("error")), answer.get("otherwise", "")


def explanation(case: Case, theirs: str) -> str | None:
    """The known rule, or the several together, that make our decision theirs."""
    for name, put_in in KNOWN:
        if theirs in possible(put_in(case)):
            return name
    together = case
    names = []
    for name, put_in in KNOWN:
        changed = put_in(together)
        if changed != together:
            together = changed
            names.append(name)
            if theirs in possible(together):
                return "several: " + "; ".join(names)
    return None


def main(arguments: list[str]) -> int:
    shown = int(arguments[2]) if len(arguments) > 2 else 10
    counted: Counter[str] = Counter()
    explained: Counter[str] = Counter()
    printed = 0
    with Path(arguments[0]).open() as asked, Path(arguments[1]).open() as given:
        for request_line, answer in zip(asked, given, strict=True):
            theirs = json.loads(answer)
            ours = json.loads(answer_line(request_line)[0])
            counted["requests"] += 1
            counted[ours.get("decision", "errors")] += 1
            if ours.get("decision") == theirs.get("decision"):
                counted["agree"] += 1
                continue
            case = json.loads(request_line)
            rule = explanation(case, theirs.get("decision", ""))
            if rule is not None:
                explained["several of these together" if rule.startswith("several") else rule] += 1
                continue
            counted["not explained"] += 1
            if printed < shown:
                printed += 1
                print(json.dumps({"request": case, "ours": ours, "theirs": theirs}))
    print(dict(counted), file=sys.stderr)
    for rule, number in explained.most_common():
        print(f"{number:6} explained: {rule}", file=sys.stderr)
    return 1 if counted["not explained"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
