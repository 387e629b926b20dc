"""Causes in the subject of an identity token: GitHub's repository, owner, run, and other issuers.

Source: GitHub's documentation of OpenID Connect in AWS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import ConditionFails, Mentions, Quotes, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains, says
from diagnostics.text.causes.denials import issuers_and_subjects
from diagnostics.text.causes.denials.github_environments_tags_and_branches import (
    SUBJECT_SHOWN,
    environment,
    other_branch,
    pull_request,
    tag,
)
from diagnostics.text.causes.denials.github_repository_names import (
    SUBJECT_FAILS,
    SUBJECT_OF_NAMES,
    covers_the_new_name,
    has_the_new_name,
    letter_case,
)
from diagnostics.text.causes.denials.no_reason_of_sts import NO_REASON
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.token_conditions import token_conditions, trusted_issuers
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

# The words of GitHub's action, of its workflows and of its tokens; "github.com/aws/…" is also a path of Go's.
_GITHUB = (
    r"assume role with OIDC|actions\.githubusercontent|configure-aws-credentials|github[ -]actions|\bGITHUB_[A-Z]+\b"
    r"|\bgithub\b(?!\.com|\.io)"
)
_KUBERNETES = r"\beks\b|oidc\.eks|service ?-?account|kube|\bpods?\b|\birsa\b|karpenter|crossplane|upbound"


# Other callers of the same kind can assume the same role.
OTHERS_GET_IN = (
    r"\bother (?:\w+ ){0,3}(?:projects?|repos?|repositories|branches|workspaces|jobs|workflows|pipelines|clusters|pods"
    r"|service accounts)\b[^.\n]{0,60}(?<!n['’]t )(?<!not )\b(?:work|can(?!['’]t|not)|get in|succeed)"
)

_OTHER_CI = (
    r"\bgitlab\b|\bbitbucket\b|\bcircle-?ci\b|\bTFC_\w+|\bapp\.terraform\.io\b|\bspacelift\b|\bbuildkite\b|\bvercel\b"
)
_GITHUBS_OWN = (
    r"actions\.githubusercontent|configure-aws-credentials|github[ -]actions|\bGITHUB_[A-Z]+\b|assume role with OIDC"
)


def _of_another_ci(signs: Signs) -> bool:
    """Whether the token is from a system other than GitHub Actions: the text mentions GitHub only as a code host."""
    trusted = trusted_issuers(signs.denial.text)
    if trusted and not any("githubusercontent" in each or "github" in each for each in trusted):
        return not signs.says(r"githubusercontent")
    return signs.says(_OTHER_CI) and not signs.says(_GITHUBS_OWN)


_WHOLE_TRUST = r"\bFederated\b[\s\S]*\bCondition\b(?![\s\S]*(?:\.\.\.|\u2026))"


def _without_a_subject(signs: Signs) -> FirstLook | None:
    """Return what to compare if the text's trust policy tests the audience and not the subject; else None."""
    tested = token_conditions(signs.denial.text)
    if {each.claim for each in tested} != {"aud"} or not (said := signs.quote(_WHOLE_TRUST)):
        return None
    values = listing(list(dict.fromkeys(value for each in tested for value in each.values)), "or")
    return FirstLook(
        f"The trust policy in the text tests the audience and not the subject: compare the token's aud with {values}. "
        "Then compare the token's issuer with the provider, and the role's ARN with the one that the call names.",
        contains(said),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


def subject(signs: Signs, *, decided: bool) -> Iterator[FirstLook]:
    if (of_audience := _without_a_subject(signs)) is not None:
        yield of_audience
        return
    subject = next((values[0] for token in signs.denial.tokens if (values := token.claim("sub"))), "")
    has = says(f"the token's subject is {subject}", TextPart.TOKEN, subject)
    shown = subject or signs.quote(SUBJECT_SHOWN)
    rest = "" if signs.says(OTHERS_GET_IN) or decided else _THE_REST
    if (signs.says(_GITHUB) and not _of_another_ci(signs)) or subject.startswith("repo:"):
        distinguished = (
            *environment(signs),
            *pull_request(signs),
            *tag(signs),
            *other_branch(signs),
            *letter_case(signs),
        )
        yield from distinguished
        claimed = signs.quote(SUBJECT_OF_NAMES)
        numbers = "" if claimed else _NUMBERS
        usual = FirstLook(
            "The trust policy does not accept the token's subject. A branch, a pull request, a tag and an environment "
            "each have their own form (repo:OWNER/REPO:ref:refs/heads/main, …:pull_request, …:environment:NAME), and "
            f"letter case matters.{numbers}{rest}{'' if subject or decided else f' {_SUBJECT_IS_LOGGED}'}",
            has if subject else contains(signs.quote(_GITHUB)),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
            asserts=SUBJECT_FAILS,
            guess=bool(distinguished) or decided,
        )
        with_ids = FirstLook(
            "The repository's tokens have a subject with numeric IDs (repo:OWNER@ID/REPO@ID:…), as for all created, "
            f"renamed or transferred since July 2026; the trust policy expects names only. {_SUBJECT_IS_LOGGED}",
            (has if subject else Sentence(f"the text shows the subject {shown}", (Quotes(shown),)))
            if shown
            else Sentence("the text shows no subject of the token", (Mentions(SUBJECT_SHOWN, False),)),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
            asserts=(ConditionFails("trust", ":sub", had=r"@\d+"),),
            guess="@" not in shown,
        )
        if "@" in shown:
            usual = replace(usual, guess=True)
        elif said := signs.quote(_NEW_REPOSITORY):
            with_ids = replace(with_ids, because=contains(said), guess=False)
            if has_the_new_name(signs):
                with_ids = replace(
                    with_ids,
                    cause="The trust policy has the new name already. Since July 2026, the tokens of a repository "
                    "whose name or owner changed also have numeric IDs in the subject (repo:OWNER@ID/REPO@ID:…), which "
                    f"most likely is what the trust policy must accept. {_SUBJECT_IS_LOGGED}",
                )
            elif _RENAMED.search(said) and not covers_the_new_name(signs):
                with_ids = replace(
                    with_ids,
                    cause=(
                        "The token's subject has the repository's new owner and name, and most likely the trust "
                        "policy still names the old owner or name: change its condition on sub. After a rename or a "
                        "transfer since July 2026 the subject also has numeric IDs (repo:OWNER@ID/REPO@ID:…). "
                        f"{_SUBJECT_IS_LOGGED}"
                    ),
                )
            usual = replace(usual, guess=True)
        if claimed:
            yield replace(usual, because=contains(claimed))
            return
        # A subject with IDs does not match a pattern of names, whatever else is wrong.
        yield from (with_ids, usual) if usual.guess and not distinguished else (usual, with_ids)
        return
    if signs.says(_KUBERNETES) or subject.startswith("system:serviceaccount:"):
        if decided or issuers_and_subjects.shown_subject_is_accepted(signs.denial.text):
            return
        like = any("like" in one.operator.lower() for one in token_conditions(signs.denial.text) if one.claim == "sub")
        exactly = "match" if like else "be exactly"
        wildcard = "" if like else "; a * needs StringLike"
        yield FirstLook(
            f"The trust policy does not accept the pod's service account: its subject must {exactly} "
            f"system:serviceaccount:NAMESPACE:NAME, under the key ISSUER:sub{wildcard}. Each cluster has its own "
            f"issuer.{rest}",
            has if subject else contains(signs.quote(_KUBERNETES)),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
            asserts=SUBJECT_FAILS,
        )
        return
    if not subject and (moved := signs.quote(_PLACE_MOVED)):
        # GitLab Docs, "ID token authentication": sub has the project's path; Terraform's and CircleCI's have names, too
        # (https://docs.gitlab.com/ci/secrets/id_token_authentication/).
        yield FirstLook(
            "The token's subject (sub) has the new path or name, and most likely the trust policy still names the old "
            f"one: change its condition on sub. {_SUBJECT_IS_LOGGED}",
            contains(moved),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
            asserts=SUBJECT_FAILS,
        )
        return
    yield FirstLook(
        "The role's trust policy does not accept the token's subject (sub); letter case matters, and a * needs "
        f"StringLike.{rest}",
        has if subject else NO_REASON,
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
        asserts=SUBJECT_FAILS,
    )


_SUBJECT_IS_LOGGED = "CloudTrail's event AssumeRoleWithWebIdentity shows the subject that was sent."
_NUMBERS = " Repositories created, renamed or transferred since July 2026 have numbers in it (repo:OWNER@ID/REPO@ID:…)."
_THE_REST = (
    " If the subject fits, compare the issuer, the audience and the role's ARN: STS answers the same for each of these."
)

_PLACE_MOVED = (
    r"\b(?:project|repo(?:sitory)?|workspace|organi[sz]ation|group|pipeline)\b[^.\n]{0,40}\b(?:renamed|transferred|moved)\b"
    r"|\b(?:renamed|transferred|moved)\b[^.\n]{0,30}\b(?:project|repo(?:sitory)?|workspace|organi[sz]ation|group|pipeline)\b"
)
_RENAMED = regex(r"\b(?:renamed|transferred|moved)\b", re.IGNORECASE)
_NEW_REPOSITORY = (
    r"\bnew(?:ly)?(?: created| GitHub)? (?:repo(?:sitory)?|fork)\b"
    r"|\b(?:repo(?:sitory)?|fork|org(?:ani[sz]ation)?)\b[^.\n]{0,30}\b(?:created|renamed|transferred|moved)\b"
    r"|\b(?:renamed|transferred|moved) (?:(?:the|our|a|one|this|that|my|its) )?(?:GitHub )?"
    r"(?:repo(?:sitory)?|org(?:ani[sz]ation)?)\b"
    r"|\brepositor(?:y|ies)\b[^\n]{0,60}\bcreated (?:this|last) (?:week|month)\b"
)
"""Words for a new, renamed or transferred repository. Since July 2026, GitHub's subject then contains numbers."""
