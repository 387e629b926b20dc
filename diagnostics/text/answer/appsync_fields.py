"""Compare a refused AppSync field's directives, as the text has them, with the caller's mode, groups and policy.

AWS AppSync Developer Guide, "Configuring authorization and authentication to secure your GraphQL APIs": a field without
a directive accepts only the API's default mode
(https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html). AWS Amplify, "User group-based data access":
the rule compares its groups with the token's claim cognito:groups
(https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/; in TypeScript:
https://docs.amplify.aws/react/build-a-backend/data/customize-authz/user-group-based-data-access/).
"""

from __future__ import annotations

import re

from iam.lazy_pattern import regex
from iam.policy.match import compile_glob
from iam.words import listing

_REFUSED = regex(r"Not\s+Authorized\s+to\s+access\s+(?P<field>\w+)\s+on\s+type\s+(?P<type>\w+)", re.IGNORECASE)
_MODES = (
    ("@aws_iam", "AWS_IAM", regex(r"\barn:[\w-]+:(?:sts|iam)::\d{12}:(?:assumed-role|role|user)/|\bSigV4\b")),
    ("@aws_api_key", "API_KEY", regex(r"\bx-api-key\b|\bda2-[a-z0-9]{26}\b", re.IGNORECASE)),
)
_DEFAULT = regex(
    r"\bdefault\w*\b[^\n:=]{0,40}[:=]\s*[\"']?(?P<mode>AMAZON_COGNITO_USER_POOLS|AWS_IAM|API_KEY|OPENID\w+|AWS_LAMBDA)"
)
_DIRECTIVE = regex(r"@aws_\w+")


def refused_field(text: str) -> str:
    """Return which group or directive the caller lacks for the refused field; "" if the text does not show it."""
    refused = _REFUSED.search(text)
    if refused is None:
        return ""
    name = refused["field"]
    if differ := _other_groups(name, text) or _other_fields(refused["type"], name, text) or _rule_for_guests(text):
        return differ
    line = re.search(
        rf"^[^\n\"]*\b{name}(?:\([^)\n]*\))?\s*:\s*(?P<of>\[?\w+[!\]]*)(?P<directives>[^\n}}]*)", text, re.MULTILINE
    )
    used = [(directive, mode) for directive, mode, shown in _MODES if shown.search(text)]
    if line is None or len(used) != 1:
        return ""
    ((directive, mode),) = used
    allowed, default = _DIRECTIVE.findall(line["directives"]), _DEFAULT.search(text)
    if directive in allowed or (not allowed and (default is None or default["mode"] == mode)):
        return ""
    only = ", ".join(allowed) or (default["mode"] if default is not None else "")
    has = f"allows only {only}" if allowed else f"has no directive, so it allows only {only}"
    of = line["of"].strip("[]!")
    return (
        f"The field {name} {has}, but the caller uses {mode}: add {directive} to the field, and also to the type "
        f"{of} if the schema defines that type. The caller's policies are not the cause."
    )


_BY_IAM = regex(r"\ballow\s*:\s*(?P<whom>public|private)\b[^{}]*\bprovider\s*:\s*(?:iam|identityPool)\b")
_SIGNED_IN = regex(
    r"\b(?:signed[- ]in|logged[- ]in|authenticated|Cognito) (?:user|caller|call)\w*|\bsigned[- ]in\b", re.IGNORECASE
)
_WITH_IAM = regex(r"\bAWS_IAM\b|\bauthMode\W{1,4}iam\b", re.IGNORECASE)


def _rule_for_guests(text: str) -> str:
    """Return that the model's rule for IAM admits only guests, if a signed-in user calls with IAM; else "".

    AWS Amplify, "Customize authorization rules": public with the provider iam uses the role of guests, private that of
    signed-in users (https://docs.amplify.aws/gen1/javascript/build-a-backend/graphqlapi/customize-authorization-rules/).
    """
    whom = {each["whom"] for each in _BY_IAM.finditer(text)}
    if whom != {"public"} or not _SIGNED_IN.search(text) or not _WITH_IAM.search(text):
        return ""
    return (
        "The model's rule allow: public with provider: iam admits only guests, and the caller is signed in: add "
        "{ allow: private, provider: iam }, or call with the user pool's token (userPool). No role's policy decides it."
    )


_OF_FIELDS = regex(r"\barn:[\w-]+:appsync:[\w*-]*:[\d*]*:apis/(?P<api>[\w*-]+)(?P<rest>(?:/[^\s\"',\]]*)?)")
_GRAPHQL = regex(r"\bappsync:(?:GraphQL\b|\*|Graph\*)", re.IGNORECASE)


def _other_fields(kind: str, field: str, text: str) -> str:
    """Compare the field with the fields that the policy in the text names; "" if it names this one.

    AWS AppSync Developer Guide, "Configuring authorization and authentication", AWS_IAM authorization: the resource of
    appsync:GraphQL is apis/ID/types/TYPE/fields/FIELD
    (https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html).
    """
    named = list(_OF_FIELDS.finditer(text)) if _GRAPHQL.search(text) else []
    asked = f"/types/{kind}/fields/{field}"
    apart = [each for each in named if each["rest"].startswith("/types/")]
    if not apart or len(apart) != len(named) or any(compile_glob(each["rest"])(asked) for each in named):
        return ""
    arn = f"{apart[0][0].removesuffix(apart[0]['rest'])}{asked}"
    shown = list(dict.fromkeys(each["rest"].removeprefix("/") for each in apart))
    return (
        f"Allow appsync:GraphQL on {arn}, if the caller should use this field: the policy in the text allows "
        f"{listing(shown[:3])}, and the refused field is {kind}.{field}."
    )


_RULE = regex(
    r"@auth\s*\(\s*rules\s*:\s*\[(?P<rules>[^\]]*(?:\[[^\]]*\][^\]]*)*)\]\s*\)"
    r"|@(?:aws_cognito_user_pools|aws_auth)\s*\(\s*(?P<groups>cognito_groups\s*:\s*\[[^\]]*\])\s*\)"
    r"|\.authorization\((?P<script>(?:[^()]|\((?:[^()]|\([^()]*\))*\)){0,2000})\)"
)
_IN_SCRIPT = regex(r"\ballow\s*\.\s*(?P<whom>\w+)\((?P<names>[^)]*)\)")
_MODEL = regex(r"\b(\w+)\s*:\s*a\s*\.\s*(?:model|query|mutation|subscription)\(")
_GROUPS = regex(r"\b(?:cognito_)?groups\s*:\s*\[(?P<names>[^\]]*)\]")
_ALLOW = regex(r"\ballow\s*:\s*(?P<whom>\w+)")
_CLAIM = regex(
    r"(?:[\"']?cognito:groups[\"']?\s*[:=]\s*"
    r"|\bgroups?\b[^\n\[\]:=]{0,30}\btoken\b[^\n\[\]]{0,12}?[:=]?[ \t]*(?=\[)"
    r"|\btoken\b[^\n\[\]]{0,30}\bgroups\b[ \t]*[:=]?[ \t]*(?=\[))"
    r"(?:\[(?P<names>[^\]]*)\]|[\"'](?P<one>[^\"'\n]+)[\"'])"
)
_NAME = regex(r"[\"'](?P<name>[^\"'\n]+)[\"']")


def _other_groups(field: str, text: str) -> str:
    """Compare the groups that the field's rules accept with those of the token; "" if one of them fits."""
    claim = _CLAIM.search(text)
    accepted = _accepted_groups(field, text)
    if claim is None or not accepted:
        return ""
    own = [claim["one"]] if claim["one"] else [each["name"] for each in _NAME.finditer(claim["names"])]
    if not own or set(own) & set(accepted):
        return ""
    near = next(((one, each) for one in own for each in accepted if one.lower() == each.lower()), None)
    if near is None:
        return (
            f"The rule of {field} accepts only the groups {listing(accepted)}, but the token has {listing(own)}: "
            "add the user to one of these groups and sign in again, or add the group to the rule. No IAM policy "
            "decides this."
        )
    return (
        f"The rule of {field} accepts the group {near[1]}, but the token has {near[0]}: the letter case differs. "
        "Rename one of the two, and sign in again, because the token keeps its groups. Neither an IAM policy nor "
        "the role of signed-in users decides this."
    )


def _accepted_groups(field: str, text: str) -> list[str]:
    """Return the groups of the rules for the field or its type; none if a rule also accepts somebody else."""
    found = list(_RULE.finditer(text))
    of_field = [
        each
        for each in found
        if re.search(rf"\b{field}\b[^\n]*$", text[: each.start()].rpartition("\n\n")[2])
        or ((kind := _type_of(each, text)) and field.lower().rstrip("s").endswith(kind.lower()))
    ]
    rules = of_field or (found if len(found) == 1 else [])
    if any(set(_ALLOW.findall(each["rules"] or "")) - {"groups"} for each in rules):
        return []
    in_script = [one for each in rules for one in _IN_SCRIPT.finditer(each["script"] or "")]
    if any(one["whom"] not in ("group", "groups") for one in in_script):
        return []
    listed = (each["rules"] or each["groups"] or "" for each in rules)
    lists = [one["names"] for each in listed for one in _GROUPS.finditer(each)] + [one["names"] for one in in_script]
    return [name["name"] for each in lists for name in _NAME.finditer(each)]


def _type_of(rule: re.Match[str], text: str) -> str:
    """Return the name of the type or model that the rule belongs to; "" if it belongs to a field."""
    before = text[: rule.start()]
    if rule["script"] is not None:
        models = _MODEL.findall(before)
        return str(models[-1]) if models else ""
    found = re.search(r"\btype\s+(\w+)[^{}]*\Z", before)
    return found[1] if found is not None else ""
