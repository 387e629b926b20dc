"""AWS's rules of policy evaluation, one function a rule, written from AWS's documentation alone.

It shares no code with `iam.policy`, and is slow and plain on purpose. A request is a line of ``rolescope evaluate``,
decoded. Pages are of the IAM User Guide, under https://docs.aws.amazon.com/IAM/latest/UserGuide/, unless an address
says otherwise.
"""

from __future__ import annotations

import base64
import ipaddress
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cache, lru_cache
from typing import Any

Case = dict[str, Any]
Statement = dict[str, Any]
Context = dict[str, list[str]]

ALLOWED, IMPLICIT, EXPLICIT = "allowed", "implicitDeny", "explicitDeny"

STAR, ONE = object(), object()
Pattern = tuple[Any, ...]
"""A pattern: characters, and `STAR` and `ONE` for the wildcards. A wildcard that a variable's value brought is a
character."""

RCP_SERVICES = frozenset({"s3", "sqs", "kms", "sts", "secretsmanager", "dynamodb"})
"""Of the services in `tests.specification.requests`, those that support RCPs:
https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html."""


def as_list(value: Any) -> list[Any]:
    """An element's values: one value may stand without a list (reference_policies_grammar.html)."""
    return value if isinstance(value, list) else [value]


# The caller.


class Caller:
    """Who makes the request (reference_policies_elements_principal.html)."""

    def __init__(self, principal: Any) -> None:
        self.text = principal if isinstance(principal, str) else ""
        self.account, self.role = None, None
        parts = self.text.split(":", 5)
        resource = parts[5] if len(parts) == 6 else ""
        self.name = resource.rpartition("/")[2]
        if not isinstance(principal, str):
            self.kind = "anonymous"
        elif self.text.endswith(".amazonaws.com"):
            self.kind = "service"
        elif resource.startswith("oidc-provider/"):
            self.kind = "provider"
        else:
            self.account = parts[4]
            kinds = {"root": "root", "user": "user", "role": "role", "assumed-role": "session"}
            self.kind = kinds.get(resource.split("/")[0], "federated")
            if self.kind == "session":
                self.role = resource.split("/")[1]

    @property
    def has_identity(self) -> bool:
        """Whether identity policies can apply to it."""
        return self.account is not None


def owner(case: Case, caller: Caller) -> str | None:
    """The account that owns the resource."""
    parts = case["resource"].split(":", 5)
    in_arn = parts[4] if len(parts) == 6 and re.fullmatch(r"\d{12}", parts[4]) else None
    return case.get("resourceAccount") or in_arn or caller.account


def context_of(case: Case, caller: Caller) -> Context:
    """The request context: what was sent, and the keys that AWS sets (reference_policies_condition-keys.html)."""
    context = {key.lower(): as_list(value) for key, value in case.get("contextVariables", {}).items()}
    types = {
        "user": "User",
        "role": "AssumedRole",
        "session": "AssumedRole",
        "federated": "FederatedUser",
        "root": "Account",
        "anonymous": "Anonymous",
    }
    implied: dict[str, str | None] = {
        "aws:principaltype": types.get(caller.kind),
        "aws:principalaccount": caller.account,
        "aws:principalarn": caller.text if caller.kind in ("user", "role", "root", "federated") else None,
        "aws:username": caller.name if caller.kind == "user" else None,
        "aws:principalisawsservice": {"service": "true", "anonymous": None, "provider": None}.get(caller.kind, "false"),
        "aws:principalservicename": caller.text if caller.kind == "service" else None,
        "aws:resourceaccount": owner(case, caller),
        "aws:userid": {
            "root": caller.account,
            "federated": f"{caller.account}:{caller.name}",
            "anonymous": "anonymous",
        }.get(caller.kind),
    }
    return {key: [value] for key, value in implied.items() if value is not None} | context


# Patterns.


def pattern_of(text: str, context: Context, variables: bool) -> Pattern | None:
    """A text with its variables filled in; None where one has no value (reference_policies_variables.html).

    ``${*}``, ``${?}`` and ``${$}`` are the characters. Variables work in documents of version 2012-10-17 only.
    """
    if not variables or "${" not in text:
        return _plain_pattern(text)
    tokens: list[Any] = []
    at = 0
    while at < len(text):
        variable = _VARIABLE.match(text, at)
        if variable is None:
            tokens.append({"*": STAR, "?": ONE}.get(text[at], text[at]))
            at += 1
            continue
        at = variable.end()
        key, comma, default = variable[1].partition(",")
        if variable[1] in ("*", "?", "$"):
            tokens.append(variable[1])
            continue
        values = context.get(key.strip().lower())
        if values is not None and len(values) == 1:
            tokens += values[0]
        elif comma:
            tokens += default.strip()[1:-1]
        else:
            return None
    return tuple(tokens)


_VARIABLE = re.compile(r"\$\{([^{}]*)\}")


@cache
def _plain_pattern(text: str) -> Pattern:
    return tuple({"*": STAR, "?": ONE}.get(char, char) for char in text)


def text_of(tokens: Pattern) -> str:
    """A pattern as a text, for operators without wildcards."""
    return "".join({id(STAR): "*", id(ONE): "?"}.get(id(token), token) for token in tokens)


@lru_cache(maxsize=100_000)
def glob(tokens: Pattern, text: str) -> bool:
    """``*`` stands for any characters, ``?`` for one (reference_policies_elements_condition_operators.html)."""
    return _matches(tokens, text, lambda token, char, at: token is ONE or token == char, lambda at, char: True)


@lru_cache(maxsize=100_000)
def resource_matches(tokens: Pattern, text: str) -> bool:
    """Wildcards stay within one field of an ARN, but a ``*`` at the end of a field may reach beyond the colon; the
    resource part is one field (reference_policies_elements_resource.html). Case counts in the resource part alone."""
    colons = [at for at, token in enumerate(tokens) if token == ":"]
    resource = colons[4] if len(colons) >= 5 else len(tokens)
    text_colons = [at for at, char in enumerate(text) if char == ":"]
    text_resource = text_colons[4] if len(text_colons) >= 5 else len(text)

    def same(token: Any, char: str, place: tuple[int, int]) -> bool:
        mine, its = place
        if token is ONE:
            return mine > resource or char != ":"
        return bool(token == char if its > text_resource else token.lower() == char.lower())

    def takes(mine: int, char: str) -> bool:
        ends = mine + 1 == len(tokens) or tokens[mine + 1] == ":"
        return char != ":" or mine > resource or ends

    return _matches(tokens, text, same, takes)


def _matches(
    tokens: Pattern, text: str, same: Callable[[Any, str, tuple[int, int]], bool], takes: Callable[[int, str], bool]
) -> bool:
    """Whether a pattern matches, by trying: ``same`` for one character, ``takes`` for one that a star takes."""
    places = {0}
    for its, char in enumerate([*text, ""]):
        for mine in range(len(tokens)):
            if mine in places and tokens[mine] is STAR:
                places.add(mine + 1)
        if char == "":
            break
        after = set()
        for mine in places:
            if mine < len(tokens):
                if tokens[mine] is STAR:
                    if takes(mine, char):
                        after.add(mine)
                elif same(tokens[mine], char, (mine, its)):
                    after.add(mine + 1)
        places = after
        if not places:
            return False
    return len(tokens) in places


@lru_cache(maxsize=100_000)
def action_matches(pattern: str, action: str) -> bool:
    """Actions are compared without regard to case (reference_policies_elements_action.html)."""
    if pattern in ("*", "*:*"):
        return True
    same_service = pattern.split(":")[0].lower() == action.split(":")[0].lower()
    return same_service and glob(_plain_pattern(pattern.lower()), action.lower())


# Elements.


def names_action(statement: Statement, action: str) -> bool:
    """Action, or NotAction (reference_policies_elements_notaction.html)."""
    if "Action" in statement:
        return any(action_matches(pattern, action) for pattern in as_list(statement["Action"]))
    return not any(action_matches(pattern, action) for pattern in as_list(statement["NotAction"]))


@lru_cache(maxsize=100_000)
def readings(text: str, layer: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The patterns that a resource stands for if an incomplete ARN is not completed, and if it is.

    "When you specify an incomplete ARN … in an identity-based policy, AWS automatically completes the ARN by adding
    wildcard characters (*) to all missing fields" (reference-arns.html). Of other policies no page says what happens.
    A ``*`` at the end of a field may stand for the fields that are missing.
    """
    fields = re.sub(r"\$\{[^{}]*\}", "", text).split(":", 5)
    if fields[0].lower() != "arn" or len(fields) == 6 or text.endswith("*"):
        return (text,), (text,)
    full = text + ":*" * (6 - len(fields))
    as_written = (text,) if any(field.endswith("*") for field in fields) else ()
    completed = (*as_written, full)
    return (completed if layer in ("identity", "boundary") else as_written), completed


def names_resource(statement: Statement, resource: str, context: Context, variables: bool, layer: str) -> set[bool]:
    """Resource, or NotResource (reference_policies_elements_notresource.html): the answers that are possible."""
    negated = "NotResource" in statement
    listed = statement.get("NotResource") if negated else statement.get("Resource")
    if listed is None:
        return {True}
    answers = set()
    for completed in (0, 1):
        patterns = [text for each in as_list(listed) for text in readings(each, layer)[completed]]
        tokens = [pattern_of(text, context, variables) for text in patterns]
        answers.add(any(each is not None and resource_matches(each, resource) for each in tokens) is not negated)
    return answers


NOBODY, THE_ACCOUNT, THE_ROLE, DIRECTLY = range(4)


def names_caller(listed: Any, caller: Caller, context: Context) -> int:
    """How closely a Principal names the caller (reference_policies_elements_principal.html)."""
    closest = NOBODY
    for kind, text in principals(listed):
        if text == "*" and kind in ("*", "AWS"):
            closest = DIRECTLY
        elif kind == "AWS" and text in (caller.account, f"arn:aws:iam::{caller.account}:root"):
            closest = max(closest, DIRECTLY if caller.text == text else THE_ACCOUNT)
        elif kind == "AWS" and text == caller.text:
            closest = max(closest, THE_ROLE if caller.kind == "role" else DIRECTLY)
        elif kind == "AWS" and caller.kind == "session" and is_role_of(text, caller, context):
            closest = max(closest, THE_ROLE)
        elif kind == {"service": "Service", "provider": "Federated"}.get(caller.kind) and text == caller.text:
            closest = DIRECTLY
    return closest


def principals(listed: Any) -> Iterable[tuple[str, str]]:
    if listed == "*":
        return [("*", "*")]
    return [(kind, text) for kind, texts in listed.items() for text in as_list(texts)]


def is_role_of(text: str, caller: Caller, context: Context) -> bool:
    """Whether an ARN is that of the role behind a session, whose path only aws:PrincipalArn has."""
    parts = text.split(":", 5)
    if len(parts) < 6 or not parts[5].startswith("role/") or parts[4] != caller.account:
        return False
    known = context.get("aws:principalarn")
    return parts[5].rpartition("/")[2] == caller.role and (known is None or known == [text])


def spares_caller(listed: Any, caller: Caller, context: Context) -> bool:
    """Whether NotPrincipal exempts the caller (reference_policies_elements_notprincipal.html).

    A user's account, and a session's role and account, are listed beside it: they exempt no one else.
    """
    named = names_caller(listed, caller, context)
    others = [Caller(text) for kind, text in principals(listed) if kind == "AWS" and text.startswith("arn:")]
    others = [each for each in others if each.kind != "root"]
    if named == THE_ACCOUNT:
        return caller.kind == "root" or all(each.account != caller.account for each in others)
    if named == THE_ROLE and caller.kind == "session":
        return not any(each.kind == "session" and each.role == caller.role for each in others)
    return named != NOBODY


# Conditions.


def number(text: str) -> Fraction:
    return Fraction(text)


def instant(text: str) -> Fraction:
    """A date of ISO 8601, or seconds since 1970 (condition operators, "Date condition operators")."""
    if re.fullmatch(r"\d{5,}", text):
        return Fraction(text)
    date = datetime.fromisoformat(text.replace("Z", "+00:00"))
    date = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return Fraction(int(date.timestamp()))


@lru_cache(maxsize=100_000)
def arn_matches(tokens: Pattern, text: str) -> bool:
    """Each of the six parts is compared by itself; ArnEquals is ArnLike ("Amazon Resource Name (ARN) condition
    operators")."""
    parts: list[list[Any]] = [[]]
    for token in tokens:
        if token == ":" and len(parts) < 6:
            parts.append([])
        else:
            parts[-1].append(token)
    had = text.split(":", 5)
    return len(parts) == len(had) == 6 and all(glob(tuple(one), other) for one, other in zip(parts, had, strict=True))


def _of_text(compare: Callable[[str, str], bool]) -> Callable[[Pattern, str], bool]:
    return lambda tokens, had: compare(had, text_of(tokens))


OPERATORS: dict[str, Callable[[Pattern, str], bool]] = {
    "stringequals": _of_text(lambda had, wanted: had == wanted),
    "stringequalsignorecase": _of_text(lambda had, wanted: had.lower() == wanted.lower()),
    "stringlike": glob,
    "arnlike": arn_matches,
    "arnequals": arn_matches,
    "bool": _of_text(lambda had, wanted: had.lower() == wanted.lower()),
    "binaryequals": _of_text(lambda had, wanted: base64.b64decode(had) == base64.b64decode(wanted)),
    "ipaddress": _of_text(lambda had, wanted: ipaddress.ip_address(had) in ipaddress.ip_network(wanted, strict=False)),
    "numericequals": _of_text(lambda had, wanted: number(had) == number(wanted)),
    "numericlessthan": _of_text(lambda had, wanted: number(had) < number(wanted)),
    "numericlessthanequals": _of_text(lambda had, wanted: number(had) <= number(wanted)),
    "numericgreaterthan": _of_text(lambda had, wanted: number(had) > number(wanted)),
    "numericgreaterthanequals": _of_text(lambda had, wanted: number(had) >= number(wanted)),
    "dateequals": _of_text(lambda had, wanted: instant(had) == instant(wanted)),
    "datelessthan": _of_text(lambda had, wanted: instant(had) < instant(wanted)),
    "datelessthanequals": _of_text(lambda had, wanted: instant(had) <= instant(wanted)),
    "dategreaterthan": _of_text(lambda had, wanted: instant(had) > instant(wanted)),
    "dategreaterthanequals": _of_text(lambda had, wanted: instant(had) >= instant(wanted)),
}
NEGATED = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "arnnotlike": "arnlike",
    "arnnotequals": "arnequals",
    "notipaddress": "ipaddress",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
}
_WITH_VARIABLES = ("string", "arn", "bool")


def condition_holds(operator: str, key: str, wanted: Any, context: Context, variables: bool) -> bool:
    """One operator and key (reference_policies_elements_condition_operators.html, and for set operators
    reference_policies_condition-single-vs-multi-valued-context-keys.html)."""
    prefix, _, rest = operator.lower().rpartition(":")
    if_exists, name = rest.endswith("ifexists"), rest.removesuffix("ifexists")
    had = context.get(key.lower())
    values = as_list(wanted)
    if name == "null":
        absent = not had or had == [""]
        return any((value == "true") is absent for value in map(str.lower, values))
    negated, name = name in NEGATED, NEGATED.get(name, name)
    if not had:
        # "If the key … is not present": ForAllValues is true, ForAnyValue false; IfExists and negated ones are true.
        return prefix == "forallvalues" or (not prefix and (if_exists or negated))
    if prefix and had == [""]:
        return prefix == "forallvalues"
    filled = [pattern_of(text, context, variables and name.startswith(_WITH_VARIABLES)) for text in values]

    def matches(value: str) -> bool:
        """Values are joined by OR; for negated operators by NOR. A variable without a value is equal to nothing."""
        found = any(tokens is not None and OPERATORS[name](tokens, value) for tokens in filled)
        return found is not negated

    if prefix == "forallvalues":
        return all(map(matches, had))
    if prefix == "foranyvalue":
        return any(map(matches, had))
    return len(had) == 1 and matches(had[0])


def conditions_hold(statement: Statement, context: Context, variables: bool) -> bool:
    """Operators and keys are joined by AND (reference_policies_elements_condition.html)."""
    return all(
        condition_holds(operator, key, wanted, context, variables)
        for operator, keys in statement.get("Condition", {}).items()
        for key, wanted in keys.items()
    )


# Layers.

Found = tuple[Statement, set[bool], int]
"""A statement that applies: whether its resource matches, and how closely it names the caller."""


def applying(documents: Iterable[Any], layer: str, case: Case, caller: Caller, context: Context) -> list[Found]:
    """The statements of some documents that apply to the request."""
    found: list[Found] = []
    for document in documents:
        policy = document.get("policy", document)
        variables = policy.get("Version") == "2012-10-17"
        for statement in as_list(policy["Statement"]):
            named = principal_says(statement, layer, case, caller, context)
            if named == NOBODY or not names_action(statement, case["action"]):
                continue
            resource = names_resource(statement, case["resource"], context, variables, layer)
            if True in resource and conditions_hold(statement, context, variables):
                found.append((statement, resource, named))
    return found


def principal_says(statement: Statement, layer: str, case: Case, caller: Caller, context: Context) -> int:
    """How closely a statement names the caller; without a Principal it is about everyone."""
    if "Principal" in statement:
        named = names_caller(statement["Principal"], caller, context)
        gateway = layer == "vpcEndpoint" and case.get("vpcEndpointType") == "Gateway"
        if gateway and named == THE_ACCOUNT and caller.kind != "root":
            # "Access is granted to the AWS account root user only":
            # https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
            return NOBODY
        return named
    if "NotPrincipal" in statement:
        bounded = statement["Effect"] == "Deny" and layer == "resource" and bool(case.get("boundaryPolicies"))
        if bounded and caller.has_identity:
            return DIRECTLY  # access_policies_boundaries.html
        return NOBODY if spares_caller(statement["NotPrincipal"], caller, context) else DIRECTLY
    return DIRECTLY


def denies(found: Iterable[Found], doubt: bool) -> bool:
    """An explicit deny; ``doubt`` says whether one of which it is unknown if it applies counts."""
    return any(each["Effect"] == "Deny" and (False not in resource or doubt) for each, resource, _ in found)


def allows(found: Iterable[Found], doubt: bool, at_least: int = THE_ACCOUNT) -> bool:
    return any(
        each["Effect"] == "Allow" and named >= at_least and (False not in resource or not doubt)
        for each, resource, named in found
    )


@dataclass(frozen=True)
class Layers:
    """The statements that apply, by layer. None: the layer is absent."""

    identity: list[Found]
    resource: list[Found]
    boundary: list[Found] | None
    session: list[Found] | None
    endpoint: list[Found] | None
    scps: list[list[Found]]
    rcps: list[list[Found]]

    @property
    def every(self) -> list[Found]:
        groups = (self.identity, self.resource, self.boundary, self.session, self.endpoint, *self.scps, *self.rcps)
        return [each for group in groups for each in group or ()]


def layers_of(case: Case, caller: Caller) -> Layers:
    context = context_of(case, caller)

    def applies(key: str, layer: str) -> list[Found] | None:
        documents = case.get(key)
        return applying(as_list(documents), layer, case, caller, context) if documents else None

    def organization(key: str, layer: str) -> list[list[Found]]:
        return [applying(level, layer, case, caller, context) for level in case.get(key) or []]

    own = caller.has_identity
    linked = ":role/aws-service-role/" in caller.text or (caller.role or "").startswith("AWSServiceRoleFor")
    session = applies("sessionPolicy", "session") if own else None
    if caller.kind == "federated" and session is None:
        session = []  # id_credentials_temp_control-access_getfederationtoken.html: no permissions of its own
    return Layers(
        identity=(applies("identityPolicies", "identity") or []) if own else [],
        resource=applies("resourcePolicy", "resource") or [],
        boundary=applies("boundaryPolicies", "boundary") if own else None,
        session=session,
        endpoint=applies("vpcEndpointPolicies", "vpcEndpoint"),
        scps=organization("scps", "scp") if own and not linked else [],
        rcps=organization("rcps", "rcp") if reached_by_rcps(case, linked) else [],
    )


def decide(case: Case, caller: Caller, layers: Layers, doubt: bool) -> str:
    """The decision (reference_policies_evaluation-logic_policy-eval-denyallow.html). With ``doubt``, where it is
    unknown whether a statement applies, a Deny does and an Allow does not; without it the other way round."""
    if denies(layers.every, doubt):
        return EXPLICIT
    # Every level of the organization must allow; RCPFullAWSAccess is always attached, so RCPs need no Allow.
    if not all(allows(level, doubt) for level in layers.scps):
        return IMPLICIT
    if layers.endpoint is not None and not allows(layers.endpoint, doubt):
        return IMPLICIT
    if caller.kind in ("root", "federated") and case["action"].lower() == "sts:assumerole":
        return IMPLICIT  # id_credentials_sts-comparison.html: neither can call AssumeRole
    if not caller.has_identity:
        return ALLOWED if allows(layers.resource, doubt, DIRECTLY) else IMPLICIT
    limited = not all(found is None or allows(found, doubt) for found in (layers.boundary, layers.session))
    by_identity = (caller.kind == "root" or allows(layers.identity, doubt)) and not limited
    if owner(case, caller) != caller.account:
        # reference_policies_evaluation-logic-cross-account.html: both accounts must allow.
        return ALLOWED if by_identity and allows(layers.resource, doubt) else IMPLICIT
    return within_account(case, caller, layers.resource, by_identity, limited, doubt)


def within_account(
    case: Case, caller: Caller, resource: list[Found], by_identity: bool, limited: bool, doubt: bool
) -> str:
    """What a resource policy grants to a user or session directly is not limited by implicit denies; what a
    role is granted is limited by boundary and session policy; the account's name delegates to identity policies
    (reference_policies_evaluation-logic_policy-eval-basics-single-account.html)."""
    if allows(resource, doubt, DIRECTLY):
        return ALLOWED
    if allows(resource, doubt, THE_ROLE):
        return IMPLICIT if limited else ALLOWED
    if allows(resource, doubt) and caller.kind == "root":
        return ALLOWED
    if must_be_granted(case) and not allows(resource, doubt):
        return IMPLICIT
    return ALLOWED if by_identity else IMPLICIT


def must_be_granted(case: Case) -> bool:
    """Trust policies and key policies must allow by themselves, or name the account
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html)."""
    action = case["action"].lower()
    is_key = action.startswith("kms:") and ":key/" in case["resource"]
    return is_key or action in ("sts:assumerole", "sts:tagsession")


def reached_by_rcps(case: Case, service_linked: bool) -> bool:
    """RCPs apply to some services' resources, and not to calls by service-linked roles."""
    return case["action"].split(":")[0].lower() in RCP_SERVICES and not service_linked


def decisions(case: Case) -> tuple[str, str | None]:
    """The decision, and the other one that is possible where it is unknown whether a statement applies."""
    caller = Caller(case["principal"])
    layers = layers_of(case, caller)
    decision = decide(case, caller, layers, True)
    if not any(False in resource for _, resource, _ in layers.every):
        return decision, None
    best = decide(case, caller, layers, False)
    return decision, None if best == decision else best
