"""Checks of conditions: operators, keys, and whether a value is valid for its operator and key."""

from __future__ import annotations

from iam.policy.lint import values
from iam.policy.lint.finding import ERROR, SECURITY, SUGGESTION, WARNING, LintSeverity, Part, Policy, PolicyKind, Text
from iam.policy.lint.reference import GLOBAL_KEYS, TAG_KEYS, key_type
from iam.policy.operators import Operator, operator
from iam.policy.statements import Path
from iam.policy.words import listed, unlikeness
from iam.service_reference import other_key_prefixes, services

# The type of a key → the positive forms of the operators that suit it. ARNs are also strings, and a string may contain
# an ARN.
_FITTING = {
    "String": ("String", "Arn"),
    "ARN": ("String", "Arn"),
    "Numeric": ("Numeric",),
    "Long": ("Numeric",),
    "Date": ("Date", "Numeric"),
    "Bool": ("Bool",),
    "Boolean": ("Bool",),
    "IPAddress": ("IpAddress",),
    "IpAddress": ("IpAddress",),
    "Binary": ("Binary",),
}
_WORDS = {"String": "StringEquals", "Arn": "ArnLike", "Numeric": "NumericEquals", "Date": "DateLessThan"}
_OPERATORS = (
    *("StringEquals", "StringNotEquals", "StringLike", "StringNotLike", "StringEqualsIgnoreCase"),
    *("StringNotEqualsIgnoreCase", "ArnEquals", "ArnLike", "ArnNotLike", "Bool", "Null", "IpAddress", "NotIpAddress"),
    *("NumericEquals", "NumericLessThan", "NumericGreaterThan", "DateLessThan", "DateGreaterThan", "BinaryEquals"),
)
# EventBridge's keys are listed as arrays, but its own guide uses plain operators with them.
_SEVERAL_BY_NAME_ONLY = ("events:",)
_SPOOFED = frozenset({"aws:referer", "aws:useragent"})
# Keys that identify something only in combination with another key ("aws:VpcSourceIp": private addresses occur in every
# VPC).
_PAIRED = {
    "aws:vpcsourceip": ("aws:SourceVpc", "aws:SourceVpce", "aws:SourceVpcArn"),
    "aws:ec2instancesourceprivateipv4": ("aws:Ec2InstanceSourceVpc",),
}


def check(policy: Policy) -> None:
    for part in policy.statements:
        _cases(policy, part)
        for written, key, place, held in part.conditions():
            parts = operator(written)
            if parts is None:
                near = min(_OPERATORS, key=lambda name: unlikeness(name, written))
                hint = f" Did you mean {near}?" if unlikeness(near, written) < 50 else ""
                message = f"There is no condition operator {written[:60]}.{hint}"
                policy.say(place.path[:-1], "INVALID_CONDITION_OPERATOR", ERROR, message)
                continue
            _operator(policy, written, parts, place.path)
            _empty(policy, part, parts, place)
            if _key(policy, key, place):
                _fit(policy, part, written, parts, place)
            values.check(policy, written, parts, place, held)
        _together(policy, part)


def _cases(policy: Policy, part: Part) -> None:
    seen: set[tuple[str, str]] = set()
    for written, key, place, _ in part.conditions():
        if (written, key.lower()) in seen:
            message = f"{key} occurs twice under {written}, in two spellings: condition keys are not case-sensitive."
            policy.say(place.path, "DUPLICATE_KEYS_WITH_DIFFERENT_CASE", ERROR, message)
        seen.add((written, key.lower()))


def _operator(policy: Policy, written: str, parts: Operator, path: Path) -> None:
    if parts.base != "Null":
        return
    if parts.if_exists:
        message = "Remove IfExists: Null tests whether a key is present, so IfExists has no meaning here."
        policy.say(path[:-1], "NULL_WITH_IF_EXISTS", ERROR, message)
    if parts.over is not None:
        always = "true" if parts.over == "all" else "false"
        policy.say(
            path[:-1],
            "NULL_WITH_QUALIFIER",
            SUGGESTION,
            f"{written} is always {always}: use Null without the prefix.",
        )


def _empty(policy: Policy, part: Part, parts: Operator, place: Text) -> None:
    value = part.value["Condition"][place.path[-2]][place.path[-1]]
    if value != []:
        return
    if parts.over == "all":
        code, meaning = "EMPTY_ARRAY_CONDITION_FORALLVALUES", "is true only without the key: use Null"
    elif parts.over == "any":
        code, meaning = "EMPTY_ARRAY_CONDITION_FORANYVALUE", "is never true"
    elif parts.if_exists:
        code, meaning = "EMPTY_ARRAY_CONDITION_IFEXISTS", "is true only without the key: use Null"
    else:
        code, meaning = "EMPTY_ARRAY_CONDITION", "says nothing"
    policy.say(place.path, code, SUGGESTION, f"The condition on {place.text} lists no value: it {meaning}.")


def _key(policy: Policy, key: str, place: Text) -> bool:
    """Whether AWS knows the key, or an identity provider may define it."""

    def say(code: str, message: str, severity: LintSeverity = ERROR) -> bool:
        policy.say(place.path, code, severity, message)
        return False

    low = key.lower()
    prefix, colon, name = low.partition(":")
    if "${" in key:
        return False
    if not colon or not prefix or not name:
        if prefix in other_key_prefixes():
            return False
        return say("INVALID_CONDITION_KEY_FORMAT", f"{key[:60]!r} is not a condition key: it is written service:name.")
    if prefix == "aws":
        if low == "aws:arn":
            message = (
                "aws:ARN is outdated: use aws:PrincipalArn for the caller, aws:SourceArn for the calling resource."
            )
            say("UNSUPPORTED_GLOBAL_CONDITION_KEY", "aws:ARN is not supported. " + message)
            return say("DEPRECATED_GLOBAL_CONDITION_KEY", message, WARNING)
        if low in (*TAG_KEYS, *(start.rstrip("/") for start in TAG_KEYS)):
            return say("MISSING_TAG_KEY_IN_CONDITION", f"{key} needs the tag's name: {key.rstrip('/')}/NAME.")
        if key_type(key) is None:
            near = min(GLOBAL_KEYS, key=lambda known: unlikeness(known.lower(), low))
            hint = f" Did you mean {near}?" if unlikeness(near.lower(), low) < 30 else ""
            return say("INVALID_GLOBAL_CONDITION_KEY", f"There is no global condition key {key[:60]}.{hint}")
        return True
    if prefix in services():
        if low.endswith(("tag/", "resourcetag")):
            return say("MISSING_TAG_KEY_IN_CONDITION", f"{key} needs the tag's name: {key.rstrip('/')}/NAME.")
        if key_type(key) is None:
            return say("INVALID_SERVICE_CONDITION_KEY", f"The service {prefix} has no condition key {key[:60]}.")
        return True
    # Keys of an identity provider begin with its domain (and path), or with "saml".
    if "." not in prefix and prefix not in other_key_prefixes():
        return say(
            "INVALID_SERVICE", f"There is no service {prefix[:40]} to which the condition key {key[:60]} could belong."
        )
    return False


def _fit(policy: Policy, part: Part, written: str, parts: Operator, place: Text) -> None:
    """Check whether the operator suits the type of the key."""
    key, low = place.text, place.text.lower()
    known = key_type(key)
    if known is None:
        return
    kind, many = known
    if low in _SPOOFED:
        message = f"The caller chooses {key}, so the condition excludes nobody."
        policy.say(place.path, "UNTRUSTWORTHY_CONDITION_KEY", SECURITY, message)
    if parts.base == "Null":
        return
    if many and parts.over is None and not low.startswith(_SEVERAL_BY_NAME_ONLY):
        message = f"{key} has several values: use ForAnyValue:{written} or ForAllValues:{written}."
        policy.say(place.path, "MISSING_QUALIFIER", ERROR, message)
    if not many and parts.over == "all" and part.allows:
        message = (
            f"{key} has one value, but ForAllValues is also true if there is no value: use {written.partition(':')[2]}."
        )
        policy.say(place.path, "FORALLVALUES_WITH_SINGLE_VALUED_KEY", SECURITY, message)
    fitting = _FITTING.get(kind, ())
    if fitting and not parts.base.startswith(fitting):
        words = listed([_WORDS.get(each, each) for each in fitting], "or")
        message = f"{key} is compared with {words}, not with {written}."
        policy.say(place.path[:-1], "TYPE_MISMATCH", WARNING, message)
    elif kind == "ARN" and parts.base == "StringLike":
        message = f"{key} is an ARN: ArnLike compares it part by part, while with {written} a * matches across colons."
        policy.say(place.path[:-1], "STRING_LIKE_OPERATOR_WITH_ARN_CONDITION_KEYS", SECURITY, message)


def _together(policy: Policy, part: Part) -> None:
    """Check conditions in combination with others and with the statement's actions."""
    keys = part.keys
    for written, key, place, _ in part.conditions():
        low = key.lower()
        needed = _PAIRED.get(low)
        if needed and part.allows and not keys & {one.lower() for one in needed}:
            message = f"{key} alone matches many places: add {listed(needed, 'or')}."
            policy.say(place.path, "MISSING_PAIRED_CONDITION_KEYS", SECURITY, message)
        if low == "s3:prefix":
            parts = operator(written)
            if parts is not None and parts.base.startswith("String") and parts.negated is part.allows:
                message = (
                    "A request with a shorter prefix still lists these objects: allow only the prefixes that the "
                    "caller should list, each by name."
                )
                policy.say(place.path, "S3_PREFIX_IN_NEGATIVE_CONTEXT", SECURITY, message)
        if low == "dynamodb:attributes" and part.allows and "dynamodb:select" not in keys:
            message = (
                "Without dynamodb:Select SPECIFIC_ATTRIBUTES, a request that names no attributes gets all of them."
            )
            policy.say(place.path, "DYNAMODB_ATTRIBUTES_WITHOUT_SELECT", SECURITY, message)
        if policy.kind is PolicyKind.TRUST and low.endswith(":aud") and written.lower().startswith("foranyvalue:"):
            message = f"{key} has one value with most providers: leave out ForAnyValue."
            policy.say(place.path, "FORANYVALUE_WITH_AUDIENCE_CLAIM_TYPE", SECURITY, message)
