"""Causes for a policy that the text only describes: conditions that are not met, tags, and lists of resources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.condition_remedies import specific_remedy
from diagnostics.text.causes.build_causes import contains, excerpt
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.layout.record_types import RECORD_TYPE, RECORD_TYPES, writes_txt
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.service_reference import condition_keys, keys_on
from iam.words import listing

_CONDITION_KEY = r"(?<![\w.:/\"'-])(?P<{name}>[a-z][a-z0-9-]{{1,40}}:[A-Za-z][\w/.-]{{3,80}}\w)(?![\w\"':])"
_SPOKEN = regex(
    r"\b[Cc]onditions?\b[^\n\"{}]{0,80}?"
    + _CONDITION_KEY.format(name="key")
    + r"|"
    + _CONDITION_KEY.format(name="before")
    + r"[`)]? conditions?\b"
)
# IAM User Guide, "IAM JSON policy elements: Condition operators"
# (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html).
_OPERATOR = (
    r"(?:For(?:All|Any)Values?:?)?(?:String(?:Not)?(?:Equals(?:IgnoreCase)?|Like)|Arn(?:Not)?(?:Equals|Like)|(?:Not)?IpAddress"
    r"|(?:Numeric|Date)(?:Not)?(?:Equals|LessThan(?:Equals)?|GreaterThan(?:Equals)?)|Bool|BinaryEquals|Null)(?:IfExists)?"
)
_UNNAMED = regex(
    rf"\b(?:with|under|has|have|carries|behind|on) an? [`\"']?{_OPERATOR}[`\"']?(?: condition)?\b(?!\s*[:=\"])"
)
_OF_AN_ALLOW = regex(r"\b(?:allow\w*|permissions?|statement|policy|polic\w+|granted|added|role|user)\b", re.IGNORECASE)
_OF_A_DENY = regex(r"\b[Dd]en(?:y|ies)\b")
_STRUCTURED = regex(r"[\"']?\bCondition[\"']?\s*[:={]|^\s*condition\s*\{", re.MULTILINE)
_NOT_IN_FORCE = regex(
    r"\b(?:no|without|remov\w+|dropp?\w*|instead|suggest\w*|should|could|would|to add|need\w*|docs?)\b|n't\b|\?",
    re.IGNORECASE,
)


def spoken_condition(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a condition that the text only describes may not be met, so that the Allow does not apply.

    IAM User Guide, "Policy evaluation logic": a statement whose conditions are not met does not apply
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html).
    """
    text = signs.denial.pasted or signs.denial.text
    if signs.denied_explicitly or ("ondition" not in text) or _STRUCTURED.search(text):
        return
    for found in _SPOKEN.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 :].partition("\n")[0]
        said = next((each for each in re.split(r"(?<=[.;]) ", line) if found[0].split()[0] in each), line)
        key = found["key"] or found["before"]
        if _NOT_IN_FORCE.search(said) or not _may_have(signs, key):
            continue
        yield FirstLook(_unmet_words(signs, key), contains(excerpt(found[0])), None, Who.ACCOUNT_ADMIN)
        return


def _may_have(signs: Signs, key: str) -> bool:
    """Return whether AWS lists the condition key, and a request for the denied action may have it."""
    low, prefix = key.lower(), key.partition(":")[0].lower()
    if prefix == "aws":
        return re.match(r"aws:[A-Z][A-Za-z]{4,40}(?:/|$)", key) is not None
    known = known_action(signs.action)
    named = known.all_keys if known is not None else frozenset()
    return low in named or low in condition_keys(signs.service) or f"{low.partition('/')[0]}/" in named


def _unmet_words(signs: Signs, key: str) -> str:
    """Return what to compare: the condition, and the request's value if the text shows it."""
    has, how = "", specific_remedy(key)
    if key == RECORD_TYPES and (why := writes_txt(signs.denial.pasted or signs.denial.text)):
        has = f" The request has {RECORD_TYPE}: {why}."
    elif _TAG_KEY.match(key) and (sent := _tag_keys(signs.denial.pasted or signs.denial.text)):
        has = (
            f" The request sends the tags {listing(sent)}, which a service may add by itself: a condition on "
            "aws:TagKeys must list them, and one on aws:RequestTag is met only if the request also has that tag."
        )
    do = f" To meet it, {how}." if how and not has else ""
    return (
        f"Compare the condition on {key} with the request: an Allow with a condition that is not met has no effect, "
        f"and AWS then says only that nothing allows the call.{has}{do}"
    )


_SENT_TAG = regex(
    r"[\"'](?:[Kk]ey|tagKey)[\"']\s*:\s*[\"'](?P<key>[^\"'\n]{1,128})[\"']\s*,\s*[\"'](?:[Vv]alue|tagValue)[\"']\s*:"
)


def _tag_keys(text: str) -> list[str]:
    """Return the keys of the tags that a request in the text sends, if a service's own are among them; else []."""
    found = list(dict.fromkeys(each["key"] for each in _SENT_TAG.finditer(text)))
    return found if any(":" in each for each in found) else []


def unnamed_condition(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that an Allow has a condition, but not on which key."""
    text = signs.denial.pasted or signs.denial.text
    if signs.denied_explicitly or _STRUCTURED.search(text):
        return
    for found in _UNNAMED.finditer(text):
        start = max(text.rfind("\n", 0, found.start()), text.rfind(". ", 0, found.start()))
        said = re.split(r"\n|(?<=[.;])\s", text[start + 1 :].lstrip())[0]
        if _OF_A_DENY.search(said) or _NOT_IN_FORCE.search(said) or not _OF_AN_ALLOW.search(said):
            continue
        yield FirstLook(
            "The text says that the Allow has a condition: compare the condition with the request first. The "
            "condition is not met if the request lacks the condition key, or if the key has several values and "
            "ForAllValues is missing; AWS then says only that the call is not authorized.",
            contains(excerpt(found[0])),
            None,
            Who.ACCOUNT_ADMIN,
        )
        return


_SAYS_NULL = regex(r"\bNull\b")
_TAG_KEY = regex(r"\baws:(?:RequestTag\b|TagKeys\b)")
_ANY_RESOURCE = regex(r"\bResource[\"']?\s*[:=]?\s*[\"']?\*")
_CREATES = regex(r"\baws ec2 (?P<operation>(?:create|run|allocate|copy|import|request)-[a-z-]+)")
_SENDS_TAGS = regex(r"--tag-specifications?\b|\bTagSpecifications?\b|\btag_specifications?\b")


def tags_of_parents(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a Deny of requests without a tag also applies to resources that the call uses, not creates.

    Service Authorization Reference, "Actions, resources, and condition keys for Amazon EC2": each resource of a call is
    checked, and only those that the call creates have aws:RequestTag
    (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html).
    """
    text = signs.denial.pasted or signs.denial.text
    called = _CREATES.search(text)
    if not _TAG_KEY.search(text) or not _SAYS_NULL.search(text) or not _ANY_RESOURCE.search(text):
        return
    if called is None or not _SENDS_TAGS.search(text) or not re.search(r"\bden(?:y|ies|ied)\b", text, re.IGNORECASE):
        return
    name = f"ec2:{called['operation'].replace('-', ' ').title().replace(' ', '')}"
    known, keys = known_action(name), keys_on(name)
    tagged = sorted(kind for kind, had in keys.items() if "aws:tagkeys" in had)
    used = sorted(each for each in known.required if each.lower() not in tagged) if known is not None else []
    if not tagged or not used:
        return
    created = [kind for kind in tagged if kind in called["operation"]] or tagged
    yield FirstLook(
        f"{name.partition(':')[2]} is also checked on the {listing(used)}, and no request has tags for those. With "
        'Resource "*", the Deny matches them whatever tags the call sends. Let the Deny name only the resources that '
        f"get the tags: {listing([f'arn:aws:ec2:*:*:{kind}/*' for kind in created])}. The caller cannot change the "
        "Deny.",
        contains(excerpt(called[0])),
        None,
        Who.ORG_ADMIN,
    )


_LIMITED = (
    r"(?P<action>(?<![\w:/.-])[a-z][a-z0-9-]{1,30}:[A-Z][A-Za-z0-9]{2,60})[`'\"]?[^.\n]{0,40}?\b(?:on|for|to)\b[^.\n]{0,30}?"
    r"\b(?:list|set|specific|certain|some|these|selected|several|named)\b[^.\n]{0,30}?"
    r"\b(?:ARNs?|resources?|secrets?|buckets?|tables?|queues?|topics?|keys?|parameters?|functions?)\b"
)
_LIMITED_GRANT = regex(_LIMITED)


def limited_grant(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a described policy may not cover the resource: it allows the action on certain resources."""
    text = signs.denial.pasted or signs.denial.text
    if signs.denied_explicitly or signs.layer not in ("", "identity") or not signs.action:
        return
    for found in _LIMITED_GRANT.finditer(text):
        start = max(text.rfind(mark, 0, found.start()) for mark in ("\n", ". "))
        said = re.split(r"(?<=[.?!])\s|\n", text[start + 1 :].lstrip())[0]
        if found["action"].lower() != signs.action or re.search(r"\bnot\b|n't\b|\?", said):
            continue
        on = signs.denial.resource or "the resource of the call"
        end = " (with -?????? for the end that AWS adds)" if signs.service == "secretsmanager" else ""
        yield FirstLook(
            f"The policy allows {found['action']} on a list of resources only: compare {on} with the list, letter by "
            f"letter. If the list lacks the resource, add its ARN{end}. The action itself is not missing.",
            contains(excerpt(found[0])),
            None,
            Who.ACCOUNT_ADMIN,
        )
        return


def gap(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the grant that the text describes in prose does not cover the denied action."""
    if signs.alone or signs.denied_explicitly:
        return
    from diagnostics.text.read.author.spoken_grants import gap_in_grant  # few denials have prose

    if (found := gap_in_grant(signs.denial)) is not None:
        yield FirstLook(found.detail, contains(found.words), signs.caller_read, Who.ACCOUNT_ADMIN)
