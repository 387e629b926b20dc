"""Compare the subject of a web identity token in a pasted text with the trust policy in the same text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.issuers import of_issuer
from diagnostics.access_denied.pasted.provider_audiences import (
    listed_audiences,
    of_providers_audiences,
    required_audiences,
)
from diagnostics.access_denied.pasted.request_in_words import without
from diagnostics.access_denied.pasted.unsupported_claims import of_unsupported_claims
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.manifests import pods_of_manifests
from diagnostics.text.read.identities.token_claims import printed_claims
from diagnostics.text.read.identities.token_conditions import stated_subjects, token_conditions
from diagnostics.text.read.identities.token_parts import token_parts
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.policy.decision import Fault
from iam.policy.match import overlap
from iam.policy.operators import operator
from iam.words import listing

_TOKENS = regex(
    r"\bsub(?:ject)?\b[^\n:={}]{0,30}[:=][ \t]*[\"'`]?"
    r"(?P<sub>(?:repo|project_path|organization|system|repository|pipeline|workspace):[^\s\"'`,;]{3,300})"
)
"""A subject as written in a token, in a log or by a person."""
_RECORDED = regex(
    r"\bWebIdentityUser\b[\s\S]{0,600}?\buserName[\"']?\s*[:=]\s*[\"']?(?P<sub>[^\s\"',]{3,300})"
    r"|\bsubjectFromWebIdentityToken[\"']?\s*[:=]\s*[\"']?(?P<response>[^\s\"',]{3,300})"
)
"""A subject in CloudTrail's record of the call.

CloudTrail guide, "userIdentity element": userName of a web identity
(https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html).
"""
_OF_ANOTHER = regex(
    r"\b(?:old|other|previous|another|working|good|works|worked|fine|ok|succeeds|before|yesterday|expected|docs?)\b",
    re.IGNORECASE,
)
"""Words near a subject that show that it belongs to another token, such as that of an old repository."""
_OF_PODS = "system:serviceaccount:"
_MANIFEST = regex(r"\bkind:[ \t]*[\"']?ServiceAccount\b", re.IGNORECASE)
_NAME = regex(r"\bname:[ \t]*[\"']?(?P<name>[a-z0-9][a-z0-9.-]{1,60})")
_REPOSITORY = regex(r"^repo:(?P<name>[^:*]+/[^:*]+):")
_PROJECT = regex(r"^project_path:(?P<name>[^:*]+):")
_PUSHED = regex(
    r"\bpush\b[\"']?[ \t]*:\s*\{?\s*[\"']?branches[\"']?[ \t]*:\s*(?:\[[ \t]*|-[ \t]+)[\"']?(?P<branch>[\w./-]+)[\"']?"
    r"(?![ \t]*,)(?!\s*\n\s*-[ \t]+[\w\"'])"
)
"""The branch that starts a GitHub workflow, if there is only one."""
_PUSHED_TAG = regex(
    r"\bpush\b[\"']?[ \t]*:\s*\{?\s*[\"']?tags[\"']?[ \t]*:\s*(?:\[[ \t]*|-[ \t]+)[\"']?(?P<tag>[\w./*-]+)[\"']?"
    r"(?![ \t]*,)(?!\s*\n\s*-[ \t]+[\w\"'])"
)
"""The tag pattern that starts a GitHub workflow, if there is only one."""
_OTHER_TRIGGER = regex(
    r"\bpull_request(?:_target)?\b|\bworkflow_dispatch\b|\bschedule\b|\benvironment\b", re.IGNORECASE
)
_JOB = regex(r"^[ \t]*runs-on:", re.MULTILINE)
_ENVIRONMENT = regex(r"^[ \t]*(?:-[ \t]+)?environment:", re.MULTILINE)
_PLAN_WORKS = regex(r"\bplan\b[^.\n]{0,30}\b(?:work|succe|fine|ok|pass)", re.IGNORECASE)
_PHASE = regex(r"\b(?P<phase>plan|apply) phase\b", re.IGNORECASE)
_OF_PHASE = regex(r"run_phase:(?:plan|apply)\b")
_APPLY_FAILS = regex(r"\bappl(?:y|ies)\b[^.\n]{0,30}\b(?:fail|die|error|den|refus|break|not)", re.IGNORECASE)


_UNNUMBERED = -1
"""The number used for a statement if the text quotes only the statement's condition."""
_Wanted = tuple[int, str | None, str, str, tuple[str, ...]]
"""The number and Sid of a statement, and the operator, key and values of its condition on the subject."""


def of_subjects(
    text: str, statements: Iterable[tuple[int, Mapping[str, Any]]], spans: Iterable[tuple[int, int]], action: str
) -> Finding | None:
    """Return a finding if the trust policy accepts a different subject from the one that the text shows.

    None if the text shows no subject, or if the trust policy accepts the one that it shows.

    ``statements`` are numbered as in the text, which is searched outside ``spans``, its policies. ``action`` is the
    denied action. If it is not sts:AssumeRoleWithWebIdentity, only a condition that accepts no subject is reported.
    """
    listed = list(statements)
    outside = without(text, tuple(spans))
    if action.lower() == "sts:assumerolewithwebidentity":
        certain = of_issuer(outside, listed) or _of_audience(outside, listed)
        certain = certain or of_providers_audiences(outside, listed) or of_unsupported_claims(listed)
        if certain is not None:
            return certain
    wanted: list[_Wanted] = [(number, *each) for number, statement in listed for each in _subjects(statement)]
    if not wanted:
        return None
    if (literal := _literal(wanted)) is not None:
        return literal
    if action.lower() != "sts:assumerolewithwebidentity":
        return None
    patterns = [value for *_, values in wanted for value in values]
    if (wider := _of_a_wider_pattern(outside, patterns)) is not None:
        return wider
    if (left_out := _without_environment(outside, patterns)) is not None:
        return left_out
    shown = dict.fromkeys(_shown(outside, patterns))
    if len(shown) != 1:
        return None
    had = next(iter(shown))
    if any(_fits(kind, had, values) for _, _, kind, _, values in wanted):
        return None
    number, sid, kind, key, values = wanted[0]
    which = _which(sid, number)
    why = ": letter case matters" if any(fnmatchcase(had.lower(), value.lower()) for value in values) else ""
    accepts = listing(list(values)[:3], "or")
    instead = next((f" ({why_so})" for part, why_so in _REPLACES.items() if part in had and part not in accepts), "")
    said = f"{which} accepts the subject {accepts}, but the token has {had}{instead}{why}"
    if _with_ids(had) and not why:
        why = ": GitHub puts the IDs of the owner and the repository into the subject (OWNER@ID/NAME@ID)"
        said += why
    written = _VERSION.sub(r"\g<start>*", _written(had, values))
    kind = "StringLike" if "*" in written else kind
    change = f'Write "{kind}": {json.dumps({key: written})} in {which}.'
    if had.endswith(":pull_request"):
        change += " Make this change only for a role with few permissions."
    if instead:
        change += f" Keep {accepts} too, in a list, if other jobs use the role with {accepts}."
    elif not why and _OTHERS_WORK.search(outside):
        change += f" Keep {accepts} too, in a list, if something else still uses {accepts}."
    if had.startswith(_OF_PODS):
        change += f" Or let the pod run with the service account {values[0].removeprefix(_OF_PODS)}."
    meant = re.search(rf"\brole [\"'`]?(?P<name>[\w+=,.@-]+)[^\n]{{0,60}}{re.escape(had)}", outside)
    if meant is not None:
        change = f"Use the role {meant['name']}, which accepts {had} according to the text. Or: {change}"
    note = Note("the trust policy in the text", change)
    fix = Fix("Write the token's subject into the trust policy", Who.RESOURCE_OWNER, note)
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)


_SUCCEEDS = regex(
    r"(?<!not )(?<!n't )\b(?:works?|worked|working|succeeds?|succeeded|passes|is accepted)\b", re.IGNORECASE
)


_OTHERS_WORK = regex(rf"{_SUCCEEDS.pattern}|\b(?:is|was|are|were)[ \t]+(?:fine|green|ok(?:ay)?)\b", re.IGNORECASE)


_FORMS_OF_GITHUB = (
    " The subject of a job with an environment is repo:OWNER/NAME:environment:ENVIRONMENT; the subject of a job "
    "for a pull request is repo:OWNER/NAME:pull_request."
)


def _of_a_wider_pattern(outside: str, patterns: Sequence[str]) -> Finding | None:
    """Return a finding if, according to the text, a wider pattern than the policy's works.

    GitHub Docs, "OpenID Connect reference", example subject claims
    (https://docs.github.com/en/actions/reference/security/oidc).
    """
    for found in _TOKENS.finditer(outside):
        wide = found["sub"].rstrip(".)")
        said_before = "\n".join(outside[: found.start()].split("\n")[-2:])
        after = outside[found.end() :].partition("\n")[0]
        fits = wide not in patterns and all(fnmatchcase(each, wide) for each in patterns)
        if "*" not in wide or not fits or not _SUCCEEDS.search(f"{said_before} {after}"):
            continue
        accepts = listing(list(patterns)[:3], "or")
        said = f"the pattern {wide} works, but {accepts} does not: the token's subject has another form"
        forms = _FORMS_OF_GITHUB if wide.startswith("repo:") else ""
        change = (
            "Print the sub of the token in that job, or read userIdentity.userName of the CloudTrail "
            f"event.{forms} Write that form in the trust policy. Do not leave {wide} in the trust policy, because "
            "it accepts much more."
        )
        fix = Fix("Read which subject the token has", Who.CALLER, Note("the job, then the trust policy", change))
        return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)
    return None


_REPLACES = {
    ":environment:": "the subject of a job with an environment contains the environment instead of the branch",
    ":pull_request": "the subject of a job for a pull request contains pull_request instead of the branch",
    ":ref:refs/tags/": "the subject of a job for a tag contains the tag instead of the branch",
    ":run_phase:plan": "TFC_AWS_PLAN_ROLE_ARN can name another role for plans",
    ":ref_type:tag:": "the subject of a pipeline for a tag contains the tag instead of the branch",
}
"""Parts of a subject, and what they replace (https://docs.github.com/en/actions/reference/security/oidc,
https://docs.gitlab.com/ci/secrets/id_token_authentication/).
"""
_VERSION = regex(r"(?P<start>(?:refs/tags/|:ref_type:tag:ref:)(?:[\w-]+[-/])?v?)\d[\w.-]*$")
"""The end of a subject that contains a version, for a job that runs for a tag. The next tag has another version."""


def _without_environment(outside: str, patterns: Sequence[str]) -> Finding | None:
    """Return a finding if the trust policy accepts only jobs of an environment, and the job in the text names none."""
    named = [each.partition(":environment:")[2] for each in patterns]
    if not all(named) or any("*" in each for each in named) or not _JOB.search(outside) or _ENVIRONMENT.search(outside):
        return None
    wanted = listing(named, "or")
    said = f"the role accepts only jobs with the environment {wanted}, but the job has no environment"
    note = Note("the workflow", f"Add environment: {named[0]} to the job, at the level of runs-on.")
    fix = Fix(f"Let the job run in the environment {named[0]}", Who.CALLER, note)
    return Finding(
        f"trust.{Fault.CONDITION_UNMET.value}",
        said,
        f"According to the text, {said}, but its token contains none.",
        fix=fix,
    )


_AUDIENCE = regex(
    r"(?<![\w:.-])aud(?:ience)?[\"']?[ \t]*[:=][ \t]*[\"']?(?P<aud>(?:https?://)?[\w-]+(?:\.[\w-]+)+(?:/[\w./-]*)?)(?![\w.])"
)


def _of_audience(outside: str, statements: Sequence[tuple[int, Mapping[str, Any]]]) -> Finding | None:
    """Return a finding if the trust policy requires a different audience from the token's in the text.

    IAM User Guide, "Available keys for AWS OIDC federation": aud
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html).
    """
    wanted = required_audiences(statements)
    listed = listed_audiences(outside)
    outside = outside if listed is None else without(outside, (listed.span,))  # the provider's, and not the token's
    lines = (line for line in outside.split("\n") if not _OF_ANOTHER.search(line))
    shown = {found["aud"] for line in lines for found in _AUDIENCE.finditer(line)}
    if not wanted or len(shown) != 1 or (had := next(iter(shown))) in wanted or any("*" in each for each in wanted):
        return None
    accepts, key = listing(list(wanted), "or"), next(iter(wanted.values()))
    said = f"the trust policy accepts the audience {accepts}, but the token's audience is {had}"
    change = f"Request the token with the audience {accepts}, or write {had} for {key} in the trust policy."
    note = Note(
        "the token, or the trust policy in the text", f"{change} The identity provider must list this audience, too."
    )
    fix = Fix("Use the same audience in the token and in the trust policy", Who.RESOURCE_OWNER, note)
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}.", fix=fix)


def _literal(wanted: Sequence[_Wanted]) -> Finding | None:
    """Return a finding if every condition compares the subject literally with a wildcard, so that no token matches."""
    if not all("Like" not in kind and all("*" in value for value in values) for _, _, kind, _, values in wanted):
        return None
    number, sid, kind, key, values = wanted[0]
    which = _which(sid, number)
    said = (
        f"{which} compares the subject with {values[0]} by {kind}, which takes * and ? literally: "
        "StringLike would treat them as wildcards"
    )
    change = f'Write "StringLike": {json.dumps({key: values[0]})} in {which}, or the full subject without *.'
    then = (
        "No token meets this condition, so the program never assumes the role, and may continue with other credentials."
    )
    note = Note("the trust policy in the text", f"{change} Then start the program or pod again.")
    fix = Fix("Let the trust policy accept the subject", Who.RESOURCE_OWNER, note)
    return Finding(f"trust.{Fault.CONDITION_UNMET.value}", said, f"In the text, {said}. {then}", fix=fix)


def _which(sid: str | None, number: int) -> str:
    return "the trust policy" if number == _UNNUMBERED else f"statement {sid or number + 1} of the trust policy"


def _with_ids(had: str) -> bool:
    """Return whether this is GitHub's subject with the IDs of owner and repository, as in new repositories.

    GitHub Docs, "OpenID Connect reference", immutable subject claims
    (https://docs.github.com/en/actions/reference/security/oidc).
    """
    return re.match(r"repo:[\w.-]+@\d+/[\w.-]+@\d+:", had) is not None


_COMMIT = regex(r":commit:[0-9a-f]{7,40}\b.*")
"""The end of Buildkite's subject, which differs in each build (https://buildkite.com/docs/pipelines/security/oidc)."""


def _written(had: str, values: Iterable[str]) -> str:
    """Return the subject with a wildcard at its end if the policy's values have one, or if it names a commit."""
    if had.startswith("repo:"):
        return re.sub(r"(?<=:)ref:[^*]+$", "*", had) if any(value.endswith(":*") for value in values) else had
    parts = next((value.count(":") for value in values if value.endswith(":*")), 0)
    return f"{':'.join(had.split(':')[:parts])}:*" if parts else _COMMIT.sub(":*", had)


def _subjects(statement: Mapping[str, Any]) -> Iterator[tuple[str | None, str, str, tuple[str, ...]]]:
    """Yield the Sid, operator, key and values of each condition on a token's subject, if no value has placeholders."""
    conditions = statement.get("Condition")
    for kind, block in conditions.items() if isinstance(conditions, dict) else ():
        parts = operator(str(kind))
        if parts is None or parts.negated or parts.base not in ("StringEquals", "StringLike"):
            continue
        if not isinstance(block, dict):
            continue
        for key, values in block.items():
            texts = [values] if isinstance(values, str) else values
            if key.lower().endswith(":sub") and isinstance(texts, list) and texts:
                plain = tuple(each for each in texts if isinstance(each, str) and "${" not in each)
                if len(plain) == len(texts):
                    yield statement.get("Sid"), str(kind), key, plain


def _fits(kind: str, had: str, values: Iterable[str]) -> bool:
    if "*" in had:  # the pattern of tags that start a workflow
        return any(overlap(value, had) if "Like" in kind else fnmatchcase(value, had) for value in values)
    return any(fnmatchcase(had, value) if "Like" in kind else had == value for value in values)


def _shown(text: str, patterns: list[str]) -> Iterator[str]:
    """Yield the subjects that the text shows outside its policies; only those of a record if it has one."""
    recorded = [found["sub"] or found["response"] for found in _RECORDED.finditer(text)]
    if recorded:
        yield from recorded
        return
    if subject := printed_claims(text).get("sub"):
        yield subject
        return
    for found in _TOKENS.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : (text + "\n").index("\n", found.end())]
        if "*" not in found["sub"] and not _OF_ANOTHER.search(line.replace(found[0], "")):
            yield found["sub"].rstrip(".)")
    parts = token_parts(text)
    if any(each.startswith(_OF_PODS) for each in patterns):
        yield from _accounts(text, parts)
    yield from _of_github(text, parts, patterns)
    yield from _of_gitlab(parts, patterns)
    if _PLAN_WORKS.search(text) and _APPLY_FAILS.search(text):
        yield from (each.replace("run_phase:plan", "run_phase:apply") for each in patterns if "run_phase:plan" in each)
    elif len(phases := {found["phase"].lower() for found in _PHASE.finditer(text)}) == 1:
        yield from (_OF_PHASE.sub(f"run_phase:{phases.copy().pop()}", each) for each in patterns)


def _of_github(text: str, parts: Mapping[str, tuple[str, ...]], patterns: list[str]) -> Iterator[str]:
    """Yield the subjects of a workflow's job. An environment takes precedence, then a pull request, then a branch.

    GitHub Docs, "OpenID Connect reference", example subject claims
    (https://docs.github.com/en/actions/reference/security/oidc).
    """
    named = dict.fromkeys(match["name"] for each in patterns if (match := _REPOSITORY.match(each)))
    said = parts.get("repository", ())
    if not named and not (said and any(each.startswith("repo:") for each in patterns)):
        return
    repository = f"repo:{said[0] if len(said) == 1 else next(iter(named or said))}"
    branches = [each for each in parts.get("branch", ()) if not _works(each, text)]
    if environments := parts.get("environment"):
        yield from (f"{repository}:environment:{each}" for each in environments)
    elif "pull" in parts:
        yield f"{repository}:pull_request"
    elif "tag" in parts or branches:
        yield from (f"{repository}:ref:refs/tags/{each}" for each in parts.get("tag", ()))
        yield from (f"{repository}:ref:refs/heads/{each}" for each in branches)
    elif not _OTHER_TRIGGER.search(text):
        pushed = dict.fromkeys(found["branch"] for found in _PUSHED.finditer(text))
        yield from (f"{repository}:ref:refs/heads/{each}" for each in pushed)
        tags = dict.fromkeys(found["tag"] for found in _PUSHED_TAG.finditer("" if "branches" in text else text))
        yield from (f"{repository}:ref:refs/tags/{each}" for each in tags)


def _works(branch: str, text: str) -> bool:
    """Whether the text says that a job on this branch works."""
    words = (
        rf"\b(?:works?|worked|succeeds?|fine|ok)\b[^,.;\n]{{0,20}}\bbranch[ :=]*[\"'`]?{re.escape(branch)}(?![\w/-])"
    )
    return re.search(words, text, re.IGNORECASE) is not None


def _of_gitlab(parts: Mapping[str, tuple[str, ...]], patterns: list[str]) -> Iterator[str]:
    """Yield the subjects of a pipeline's job.

    GitLab Docs, "OpenID Connect (OIDC) Authentication Using ID Tokens"
    (https://docs.gitlab.com/ci/secrets/id_token_authentication/).
    """
    named = dict.fromkeys(match["name"] for each in patterns if (match := _PROJECT.match(each)))
    if not any(each.startswith("project_path:") for each in patterns):
        return
    for project in parts.get("project", tuple(named))[:1]:
        for kind, names in (("tag", parts.get("tag", ())), ("branch", parts.get("ref", parts.get("branch", ())))):
            yield from (f"project_path:{project}:ref_type:{kind}:ref:{each}" for each in names)


_LISTED = regex(
    r"\bget (?:sa|serviceaccounts?)\b[^\n]*(?:-A|--all-namespaces)[^\n]*\n(?:NAMESPACE[^\n]*\n)?"
    r"(?P<namespace>[a-z0-9][a-z0-9-]*)[ \t]+(?P<name>[a-z0-9][a-z0-9.-]*)[ \t]+\d+[ \t]+\w+[ \t]*(?=\n\S|$)"
)
"""The only service account that kubectl lists."""


_OF_WORKLOAD = regex(
    r"\bget (?:pods?|po|deploy\w*|sts|statefulsets?|ds|daemonsets?|jobs?|cronjobs?)\b"
    r"(?=[^\n]*(?:-n|--namespace)[ =](?P<namespace>[a-z0-9][a-z0-9-]*))[^\n]*serviceAccountName[^\n]*\n"
    r"[ \t]*(?P<name>[a-z0-9][a-z0-9.-]*)[ \t]*(?=\n|$)"
)
"""The service account that kubectl prints for a workload, and the workload's namespace."""


def _accounts(text: str, parts: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Yield the pod's service account, from a manifest, a command or a person's words."""
    run = {(found["namespace"], found["name"]) for found in _OF_WORKLOAD.finditer(text)}
    if len(run) == 1:
        yield from (f"{_OF_PODS}{namespace}:{name}" for namespace, name in run)
        return
    operated = {each for each in pods_of_manifests(text) if each.stated and each.kind == "Cluster" and each.namespace}
    if len(operated) == 1:
        yield from (f"{_OF_PODS}{each.namespace}:{each.account}" for each in operated)
        return
    listed = list(_LISTED.finditer(text))
    yield from (f"{_OF_PODS}{shown['namespace']}:{shown['name']}" for shown in listed)
    manifest = _MANIFEST.search(text)
    if manifest is not None:
        part = text[manifest.end() :].partition("\n---")[0][:600]
        name, namespace = _NAME.search(part), token_parts(part).get("namespace", ())
        if name is not None and namespace:
            yield f"{_OF_PODS}{namespace[0]}:{name['name']}"
    elif not listed:
        for each in parts.get("namespace", ()):
            yield from (f"{_OF_PODS}{each}:{name}" for name in parts.get("account", ()))


def quoted_conditions(text: str) -> tuple[list[tuple[int, dict[str, Any]]], list[tuple[int, int]]]:
    """Return each subject condition that the text quotes on its own, wrapped in a statement, and the positions."""
    found = token_conditions(text)
    if not any(each.claim == "sub" for each in found):
        said = token_parts(text).get("repository", ())
        found += stated_subjects(text, said[0] if len(said) == 1 else "")
    return (
        [
            (_UNNUMBERED, {"Condition": {each.operator: {f"{each.issuer}:sub": list(each.values)}}})
            for each in found
            if each.claim == "sub" and each.values
        ],
        [(each.start, each.end) for each in found],
    )
