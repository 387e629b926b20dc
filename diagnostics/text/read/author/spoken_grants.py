"""What a text says in prose about the caller's grants, and why the grant does not cover the denied action."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from diagnostics.failure import Denial
from diagnostics.text.read.author.granted import granted_in
from iam.lazy_pattern import regex
from iam.service_reference import action as known_action
from iam.service_reference import action_names, services, spelled


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a grant does not cover the call: ``sentence`` says what to do, ``detail`` what to compare or add.

    ``words`` are the text's words on the grant.
    """

    sentence: str
    detail: str
    words: str


_FEW = 8
"""The maximum number of a service's actions up to which all of them are listed."""
_SIBLINGS = (
    {"ssm", "ssmmessages", "ec2messages"},
    {"cognito-idp", "cognito-identity"},
    {"sso", "identitystore", "sso-directory", "sso-oauth"},
    {"logs", "cloudwatch"},
    {"events", "scheduler", "pipes", "schemas"},
    {"apigateway", "execute-api"},
    {"codestar-connections", "codeconnections"},
    {"es", "aoss"},
    {"autoscaling", "application-autoscaling"},
    {"kinesis", "firehose", "kinesisanalytics", "kinesisvideo"},
)
"""Prefixes that people mistake for one service. A wildcard for one of them does not match the actions of the others."""


def _other_prefix(denial: Denial, missing: str) -> Iterator[Gap]:
    """Yield the wildcard of another service whose prefix is mistaken for that of the denied action."""
    service = missing.partition(":")[0].lower()
    granted = granted_in(denial.text)
    if any(fnmatchcase(missing.lower(), each) for each in granted):
        return
    for each in sorted(granted):
        other = each.partition(":")[0]
        alike = service.startswith(other) or other.startswith(service) or any({service, other} <= a for a in _SIBLINGS)
        if other == service or not each.endswith("*") or not alike:
            continue
        own = sorted(f"{service}:{name}" for name in action_names(service).values())
        some = f"{spelled(missing)} and the other {service} actions that it uses"
        needed = ", ".join(own) if len(own) <= _FEW else some
        yield Gap(
            f"{each} does not cover this action, because {service} is a separate service prefix: add {missing}.",
            f"{each} in the text covers no {service} action: {service} is a separate service prefix. Allow the caller "
            f"the {service} actions that the program needs: {needed}.",
            each,
        )
        return


def _trailing_slash(denial: Denial, missing: str) -> Iterator[Gap]:
    """Yield the ARN of the resource with a slash at its end, which matches no resource.

    IAM User Guide, "IAM JSON policy elements: Resource"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
    """
    resource = denial.resource or ""
    if not resource.startswith("arn:") or resource.endswith(("/", "*")):
        return
    found = re.search(rf"{re.escape(resource)}/(?=[\"'`”\s,\])]|$)", denial.text, re.MULTILINE)
    if found is not None:
        yield Gap(
            f"The text has the ARN with a slash at its end ({found[0]}), which does not match it: remove the slash.",
            f"{missing} is checked on {resource}, and {found[0]} with its slash matches only that name: write the ARN "
            f"without the slash, in the statement with {missing}.",
            found[0],
        )


_ON_A_TAG = regex(
    r"\b(?:only|solely|limited to|restricted to|if|when|as long as)\b[^.\n]{0,70}?\b(?:carr(?:y|ies)|ha(?:ve|s)|with)"
    r"\b[^.\n]{0,20}?\btags?\b|\b(?:condition|conditional|conditioned|based|limited|restricted|scoped)\b[^.\n]{0,20}?"
    r"\b(?:on|to|by)\b[^.\n]{0,30}?\b(?:resource )?tags?\b|\btag[- ](?:based|condition|restricted|scoped)\b"
)
_CREATES = regex(r":(?:Create|Run|Allocate|Request|Import|Copy)[A-Z]")
_OF_A_GRANT = regex(r"\b(?:role|policy|user|permissions?|allow\w*|may|can|access|grants?|statement|condition)\b", re.I)
_UNSURE = regex(
    r"\b(?:request ?tags?|TagKeys|no|not|without|should|could|would|maybe|remov\w+|suggest\w*|den(?:y|ies))\b"
    r"|n['’]t\b|\?",
    re.I,
)


def _tagged_only(denial: Denial, missing: str) -> Iterator[Gap]:
    """Yield the tag on which, according to the text, the grant depends.

    Yield nothing if the denied action does not support resource tags in conditions.

    IAM User Guide, "Controlling access to AWS resources using tags"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html).
    """
    known = known_action(missing)
    if known is None or _CREATES.search(missing) or not any("resourcetag" in key.lower() for key in known.all_keys):
        return
    for sentence in re.split(r"(?<=[.;])\s|\n", denial.text):
        found = _ON_A_TAG.search(sentence)
        if found is None or not _OF_A_GRANT.search(sentence) or _UNSURE.search(sentence):
            continue
        on = denial.resource or "the resource of the call"
        yield Gap(
            "The text says that the grant depends on a tag, so most likely this resource lacks the tag or does not "
            "exist under this name: check both first.",
            f"Check whether {on} exists under exactly this name, and which tags it has. An Allow with a condition on a "
            "tag covers neither a resource without the tag nor one that does not exist. In both cases, AWS says only "
            "that nothing allows the call. Tag or name the resource correctly, or allow it by a pattern of its ARN.",
            " ".join(found[0].split())[:96],
        )
        return


_HAS_ACTIONS = regex(
    r"\b(?:role|user|polic(?:y|ies)|permission set|identity|group|it|we)\b[^.\n]{0,40}?"
    r"\b(?:has|have|allows?|grants?|lists?|includes?|covers?|contains?|got|gets)\b(?: only| all)? (?:the )?"
    r"(?P<what>[^.,:;\n]{3,80}?) (?:actions|permissions|calls|operations)\b(?: \([^)\n]{0,80}\))?"
)
_NO_NOUNS = regex(
    r"(?:the|and|or|of|for|on|all|only|read|write|list|full|get|describe|create|delete|update|put|stop|start|batch"
    r"|necessary|needed|required|usual|same|following|right|these|those|some|many|various|common)s?"
)
_WORD = regex(r"[A-Z]+(?![a-z])|[A-Z][a-z]+")


def _nouns(name: str) -> frozenset[str]:
    """Return the words after the verb in an action's name, in lower case and without a plural's s."""
    return frozenset(word.lower().rstrip("s") for word in _WORD.findall(name)[1:])


def _other_kinds(denial: Denial, missing: str) -> Iterator[Gap]:
    """Yield the caller's kinds of actions according to the text, if none of them covers the denied action."""
    service, _, name = missing.partition(":")
    every = action_names(service.lower())
    own = _nouns(every.get(name.lower(), name))
    known = {noun for each in every.values() for noun in _nouns(each)}
    for found in _HAS_ACTIONS.finditer(denial.text):
        sentence = denial.text[max(denial.text.rfind("\n", 0, found.start()), 0) : found.end()]
        words = [word.lower().rstrip("s") for word in re.findall(r"[A-Za-z]+", found["what"])]
        kinds = [word for word in words if not _NO_NOUNS.fullmatch(word) and word != service.lower().rstrip("s")]
        named = [word for word in kinds if word in known]
        if not named or set(words) & own or _UNSURE.search(sentence) or {"all", "full", "every"} & set(words):
            continue
        if ":" in found[0] or not own:
            continue
        yield Gap(
            f"The actions that the text lists (“{_short(found['what'])}”) do not include it.",
            f"The text says “{_short(found[0])}”: {missing} is not among them, and no other action includes it. Add it "
            "for the resource of the call.",
            _short(found[0]),
        )
        return


_UNCHANGED = regex(
    r"\b(?:polic(?:y|ies)|permissions|grants?|role|IAM)\b[^.\n]{0,60}\b(?:(?:was|were|is|are|has|have) (?:not|never)"
    r"(?: been)? (?:changed|touched|modified)|(?:is|are|stayed|remained|were|was) (?:unchanged|untouched|the same)"
    r"|did(?: not|n['’]t) change)"
    r"|\b(?:nothing|no) change[sd]? (?:was made )?(?:in|on|to|of) (?:the )?(?:IAM|polic\w+|permissions)"
)
_MOVED = regex(
    r"\b(?:moved|migrated|switched|ported|relocated|copied|renamed|re-?created|rebuilt|replaced)\b[^.\n]{0,60}"
    r"\b(?:environment|account|region|cluster|host|server|stack|stage|bucket|table|queue|distribution|function|name)s?\b"
    r"|\b(?:since|after) (?:the |we |our )?(?:move|migration|rename|renaming)\b|\bin (?:the|a|our) new (?:environment"
    r"|account|region|stage)\b"
)


def _moved(denial: Denial, missing: str) -> Iterator[Gap]:
    """Yield the move of a resource or caller that took the call out of an unchanged policy."""
    moved, unchanged = _MOVED.search(denial.text), _UNCHANGED.search(denial.text)
    if moved is None or unchanged is None:
        return
    on = denial.resource if denial.resource and denial.resource.startswith("arn:") else "the resource of the call"
    yield Gap(
        "The policy is unchanged since the move, so first compare caller and resource of this call with the policy: "
        "most likely one of them is no longer the same.",
        f"Compare the current caller (aws sts get-caller-identity, where the program runs) and "
        f"{on} with what the policy names: check the account, the Region and the ID. If a setting "
        f"names the wrong environment, correct it; if the move is intended, allow {missing} on the "
        f"new resource, or for the new caller.",
        _short(moved[0]),
    )


_READERS: tuple[Callable[[Denial, str], Iterator[Gap]], ...] = (
    _trailing_slash,
    _other_prefix,
    _tagged_only,
    _other_kinds,
    _moved,
)


def _short(words: str) -> str:
    return " ".join(words.split())[:96]


def gap_in_grant(denial: Denial) -> Gap | None:
    """Return why the described grant does not cover the denied action; None if the text describes no grant."""
    missing = denial.missing_action or denial.action or ""
    reason = denial.stated_reason or ""
    if missing.partition(":")[0].lower() not in services() or reason not in (
        "",
        "implicit:identity",
        "implicit:unknown",
    ):
        return None
    return next((gap for reader in _READERS for gap in reader(denial, missing)), None)
