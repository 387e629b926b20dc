"""Causes if a run's environment, tag, branch or pull request is not in the trusted subject."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Quotes, Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

SUBJECT_SHOWN = r"\brepo:[\w.@-]+/[\w.@*-]+(?::[^\s\"',}\]]+)?"

_TRUSTED_SUBJECT = regex(
    r"token\.actions\.githubusercontent\.com:sub[\"']?\s*[:=]\s*\[?\s*[\"']?"
    r"(?P<subject>repo:(?P<repository>[\w.@-]+/[\w.@-]+):(?P<rest>[^\s\"',}\]]+))"
)
_JOB_ENVIRONMENT = regex(
    r"(?:^[ \t|│>]*|\b(?:uses?|has|sets?|with|in)[ \t]+(?:an?[ \t]+|the[ \t]+)?)environment:[ \t]*"
    r"(?:\n[ \t|│>]+name:[ \t]*)?[\"']?(?P<name>[\w./-]+)[\"']?[ \t]*$",
    re.MULTILINE,
)


def environment(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the job has an environment, which replaces the ref in the token's subject.

    GitHub's documentation, "OpenID Connect reference".
    """
    text = signs.denial.text
    job, trusted = _JOB_ENVIRONMENT.search(text), _TRUSTED_SUBJECT.search(text)
    if job is None:
        return
    if trusted is None:
        yield FirstLook(
            f"The job uses the environment {job['name']}, so its token's subject contains the environment instead of a "
            f"branch (repo:OWNER/REPO:environment:{job['name']}, or the form with numbers): the trust policy must "
            "accept that subject.",
            contains(f"environment: {job['name']}"),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
        )
        return
    if trusted["rest"].startswith("environment:") or trusted["rest"] == "*":
        return
    wanted = f"repo:{trusted['repository']}:environment:{job['name']}"
    yield FirstLook(
        f"The job uses the environment {job['name']}, so its token's subject is {wanted}. The trust policy accepts "
        f"only {trusted['subject']}. Change the trust policy to accept {wanted}.",
        Sentence(
            f"the text contains “environment: {job['name']}” and the trust policy's “{trusted['subject']}”",
            (Quotes(job["name"]), Quotes(trusted["subject"])),
        ),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


_OF_PULL_REQUEST = (
    r"\bevent(?:_name)?[\"']?\W{1,4}pull_request\b|\brefs/pull/\d+/merge\b|GITHUB_EVENT_NAME\W{1,4}pull_request\b"
)


def pull_request(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the run is for a pull request, so that the token's subject contains no branch.

    GitHub's documentation, "OpenID Connect reference".
    """
    text = signs.denial.text
    if _JOB_ENVIRONMENT.search(text) or not (said := signs.quote(_OF_PULL_REQUEST)):
        return
    trusted = dict.fromkeys(re.findall(r"\brepo:([\w.-]+/[\w.-]+):", text))
    if not trusted or re.search(r"\brepo:[\w.-]+/[\w.-]+:(?:pull_request|\*)", text):
        return
    wanted = f"repo:{next(iter(trusted))}:pull_request"
    yield FirstLook(
        f"The run is for a pull request, so its token's subject is {wanted}, without a branch, and the trust policy "
        "does not accept it. Let a role with few permissions accept it; a deployment needs another event or an "
        "environment.",
        contains(said),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


_OF_TAG = (
    r"\brefs/tags/(?P<tag>[\w./-]*\w)|\b(?:on|for|from) (?:the |a )?tag (?P<named>v?\d[\w.-]*\w)"
    r"|\bGITHUB_REF_TYPE\W{1,4}tag\b"
)


def tag(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the run is for a tag, which the token's subject then names in place of a branch.

    GitHub's documentation, "OpenID Connect reference".
    """
    text = re.sub(r"\brepo:\S+", "", signs.denial.text)
    found = re.search(_OF_TAG, text)
    subjects = [(each["repository"], each["rest"]) for each in _TRUSTED_REF.finditer(signs.denial.text)]
    if found is None or not subjects or any(not rest.startswith("ref:refs/heads/") for _, rest in subjects):
        return
    if _JOB_ENVIRONMENT.search(signs.denial.text):
        return
    wanted = f"repo:{subjects[0][0]}:ref:refs/tags/{found['tag'] or found['named'] or '*'}"
    yield FirstLook(
        f"The run is for a tag, so its token's subject is {wanted}, and the trust policy accepts only branches "
        f"({subjects[0][1]}). Change it to accept the tags from which deployment is allowed, such as ref:refs/tags/v* "
        "with StringLike.",
        contains(found[0], subjects[0][1]),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


_TRUSTED_REF = regex(r"\brepo:(?P<repository>[\w.-]+/[\w.*-]+):(?P<rest>[\w:/.*-]*[\w*])")
_RUN_BRANCH = regex(
    r"\bGITHUB_REF(?:_NAME)?[\"']?[ \t]*[=:][ \t]*[\"']?(?:refs/heads/)?(?P<set>[\w./-]+)"
    r"|\((?:on )?branch:? (?P<failed>[\w./-]+)\)[^\n]{0,40}\bfail"
)
_TRUSTED_BRANCH = regex(r"\brepo:(?P<repository>[\w.-]+/[\w.-]+):ref:refs/heads/(?P<branch>[\w./-]+)(?![\w./*?-])")


def other_branch(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the trust policy in the text accepts only branches of the repository other than the run's."""
    text = signs.denial.text
    ran = {found["set"] or found["failed"] for found in _RUN_BRANCH.finditer(text)}
    trusted = {(found["repository"], found["branch"]) for found in _TRUSTED_BRANCH.finditer(text)}
    others = re.search(r"\brepo:[\w.-]+/[\w.*-]+:(?!ref:refs/heads/[\w./-]+[\"'\s,\]}])", text)
    if len(ran) != 1 or others or _JOB_ENVIRONMENT.search(text) or len({repo for repo, _ in trusted}) != 1:
        return
    branch, repository = ran.pop(), next(iter(trusted))[0]
    if branch.startswith("refs/") or branch in {each for _, each in trusted}:
        return
    accepted = listing(sorted(each for _, each in trusted), "or")
    yield FirstLook(
        f"The run is of the branch {branch}, so its token's subject is repo:{repository}:ref:refs/heads/{branch}, and "
        f"the trust policy accepts only {accepted}. If {branch} should not get this role, nothing has to change.",
        contains(branch, f"refs/heads/{min(each for _, each in trusted)}"),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )
