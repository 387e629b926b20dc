"""Causes in a rule of the company or organization that the text states in addition to an explicit deny."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, excerpt
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.author.stated_rules import allowed_services, excepted_action, required_tags, rule_on
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.match import names_action
from iam.service_reference import action as known_action
from iam.service_reference import spelled
from iam.words import listing


@dataclass(frozen=True, slots=True)
class _Topic:
    """A rule's topic: its words, the condition keys that can express the rule, and the call's requirements under it.

    ``met`` matches the words of a request that already complies.
    """

    words: re.Pattern[str]
    keys: re.Pattern[str]
    remedy: str
    met: re.Pattern[str]


_TOPICS = (
    _Topic(
        regex(r"\bencrypt\w*|\bunencrypted\b", re.IGNORECASE),
        regex(r".*encrypt.*"),
        "make the call request encryption, with the rule's key if the rule names a key",
        regex(r"\b\w*encrypt\w*[\"']?\s*[:=]\s*[\"']?(?:true|aws:kms|AES256)|--\w*encrypted\b", re.IGNORECASE),
    ),
    _Topic(
        regex(r"\bIMDSv[12]\b|\bHttpTokens\b", re.IGNORECASE),
        regex(r"ec2:metadatahttptokens"),
        "let the launch require IMDSv2 (HttpTokens=required)",
        regex(r"HttpTokens[\"']?\s*[:=]\s*[\"']?required|http_tokens\s*=\s*\"required", re.IGNORECASE),
    ),
    _Topic(
        regex(r"\b(?:instance|node|database|DB) (?:types?|class(?:es)?|sizes?|famil(?:y|ies))\b", re.IGNORECASE),
        regex(r"ec2:instancetype|rds:databaseclass|sagemaker:instancetypes|elasticache:cachenodetype"),
        "use a value that the rule allows",
        regex(r"(?!)"),
    ),
    _Topic(
        regex(r"\bpublic(?:ly)?\b", re.IGNORECASE),
        regex(r"ec2:associatepublicipaddress|rds:publiclyaccessible|sagemaker:directinternetaccess"),
        "make the call without the public address or public access",
        regex(r"public\w*[\"']?\s*[:=]\s*[\"']?false|--no-\w*public", re.IGNORECASE),
    ),
)
"""Rules whose condition key an action has, by the Service Authorization Reference."""
_REQUEST_TAG = "aws:requesttag/"
_NOT_SHOWN = "although the text does not show the statement"


def stated_rule(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call most likely breaks a stated rule that a condition key of the action can express.

    AWS Organizations User Guide, "Examples of service control policies for tagging"
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_tagging.html).
    """
    if not signs.denied_explicitly or (known := known_action(signs.action)) is None:
        return
    text = signs.denial.text
    kinds = [each.name for each in known.resource_types]
    if _REQUEST_TAG in known.all_keys and (rule := required_tags(text, kinds)) is not None:
        rest = text.replace(rule.words, "")
        if not any(re.search(rf"\b{re.escape(each)}\b[\"']?\s*[:=,]", rest) for each in rule.names):
            keys = listing([f"aws:RequestTag/{each}" for each in rule.names]) or "aws:RequestTag"
            which = f"the tags {listing(rule.names)}" if rule.names else "certain tags"
            yield _look(
                signs,
                rule.words,
                f"The text asks for {which}: most likely the Deny refuses {spelled(signs.action)} without them "
                f"({keys}), {_NOT_SHOWN}. Set the tags in the call itself, on every resource that the call creates (a "
                "launch: instance, volume, network interface; TagSpecifications of the launch template), or in the "
                "tool's own setting for tags.",
            )
            return
    for topic in _TOPICS:
        key = next((each for each in sorted(known.all_keys) if topic.keys.fullmatch(each)), "")
        if key and (broken := rule_on(topic.words, text)) and not topic.met.search(text.replace(broken.words, "")):
            yield _look(
                signs,
                broken.words,
                f"The text states a rule that {spelled(signs.action)} most likely breaks, {_NOT_SHOWN}: "
                f"{topic.remedy}.",
            )
            return


def _look(signs: Signs, words: str, cause: str) -> FirstLook:
    return FirstLook(
        cause,
        contains(excerpt(words)),
        None,
        Who.CALLER,
        shown_by=(signs.layer,) if signs.layer else ("explicit-denies",),
    )


def earlier_exception(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if another action was exempted from a Deny on the Region, and this action likely was not.

    AWS Organizations User Guide, "Examples for SCPs": deny access based on the requested Region, with exceptions
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html).
    """
    if not signs.denied_explicitly or signs.layer not in ("", "scp"):
        return
    before, action = excepted_action(signs.denial.text), signs.denial.action
    if before is None or not action or names_action([before.action], action):
        return
    unnamed = "" if signs.layer else " AWS does not name the type of policy: look in the SCPs first."
    yield FirstLook(
        f"{before.action} was allowed in {before.region} before: most likely the same Deny on the Region "
        f"(aws:RequestedRegion) now refuses {spelled(action)}, which its exceptions do not contain. Have the action "
        f"added to the exceptions; no Allow can help.{unnamed}",
        contains(excerpt(before.words)),
        None,
        Who.ORG_ADMIN,
        shown_by=(signs.layer,) if signs.layer else ("explicit-denies",),
    )


def outside_the_list(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if no SCP allows the action and the text's list of allowed services lacks the service.

    AWS Organizations User Guide, "SCP evaluation": an Allow is needed at every level from the root to the account
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html).
    """
    rule = allowed_services(signs.denial.text)
    if rule is None or not signs.service or signs.service in rule.names:
        return
    yield FirstLook(
        f"The list of allowed services in the text contains {listing(rule.names, limit=4)}, but not {signs.service}: "
        f"have the organization add {spelled(signs.action)} to the list. Every level from the root to the account "
        "must allow the action, so FullAWSAccess at another level does not help, nor does an Allow of the caller.",
        contains(excerpt(rule.words)),
        None,
        Who.ORG_ADMIN,
        shown_by=(signs.layer,),
    )
