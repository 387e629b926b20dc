"""Causes for AssumeRoleWithWebIdentity and AssumeRoleWithSAML: the token and the role's trust policy decide.

No caller's policy is evaluated. Sources: STS API reference, errors of both calls; IAM User Guide, "Create an OpenID
Connect identity provider" and "Troubleshoot SAML federation"; GitHub's documentation of OpenID Connect in AWS.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import ConditionFails, Exists, Mentions, NamesCaller, Quotes, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import Said, causes_by_words, contains, lacks, reading, says
from diagnostics.text.causes.denials import issuers_and_subjects, workflow_refs
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.shared_causes import UNCHECKED_TOKEN
from diagnostics.text.read.identities.token_claims import claims_fit
from diagnostics.text.read.identities.token_conditions import token_conditions, trusted_issuers
from diagnostics.who import Who
from iam.lazy_pattern import regex
from iam.words import listing

_PROVIDERS = reading("iam", "list-open-id-connect-providers")
_SAML_PROVIDERS = reading("iam", "list-saml-providers")
# The words of GitHub's action, of its workflows and of its tokens; "github.com/aws/…" is also a path of Go's.
_GITHUB = (
    r"assume role with OIDC|actions\.githubusercontent|configure-aws-credentials|github[ -]actions|\bGITHUB_[A-Z]+\b"
    r"|\bgithub\b(?!\.com|\.io)"
)
_KUBERNETES = r"\beks\b|oidc\.eks|service ?-?account|kube|\bpods?\b|\birsa\b|karpenter|crossplane|upbound"


# Other callers of the same kind can assume the same role.
_OTHERS_GET_IN = (
    r"\bother (?:\w+ ){0,3}(?:projects?|repos?|repositories|branches|workspaces|jobs|workflows|pipelines|clusters|pods"
    r"|service accounts)\b[^.\n]{0,60}(?<!n['’]t )(?<!not )\b(?:work|can(?!['’]t|not)|get in|succeed)"
)
_NO_REASON = lacks("the usual cause where STS gives no reason", TextPart.REASON)


# Amazon Cognito's sentence has a separate row, on the pool's roles.
_OF_IDENTITY_POOL = r"\bInvalidIdentityPoolConfiguration"


def web_identity(signs: Signs) -> Iterator[FirstLook]:
    if signs.action != "sts:assumerolewithwebidentity" or signs.says(_OF_IDENTITY_POOL):
        return
    if refused := (
        *issuers_and_subjects.default_audience(signs),
        *causes_by_words(signs.denial.text, _BEFORE_THE_TRUST_POLICY),
    ):
        alone = signs.says(r"No OpenIDConnect provider found") or refused[0].who is Who.CALLER
        yield from refused[:1] if alone else refused
        return
    decided = (*workflow_refs.other_workflow(signs), *issuers_and_subjects.of_token(signs))
    if not decided and claims_fit(signs.denial.pasted or signs.denial.text):
        yield _claims_fit(signs)
        return
    yield from decided
    if any(look.who is Who.CALLER for look in decided):
        return  # the token is not the intended one
    yield from _subject(signs, decided=bool(decided))
    if signs.says(_OTHERS_GET_IN):
        return  # issuer, audience and role are the same as in the calls that succeed
    unnamed = lacks("no reason was recognized in the text: STS answers the same for each of these", TextPart.REASON)
    yield FirstLook(
        "The trust policy names a different identity provider from the token's issuer (each cluster has its own), or "
        "a provider of another account; the ARN must be exact. Or the policy allows sts:AssumeRole instead of this "
        "action.",
        unnamed,
        signs.trust_read or _PROVIDERS,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
        asserts=(NamesCaller("trust", False),),
        guess=True,
    )
    if _has_usual_audience(signs):
        yield _wrong_arn(signs)
        return
    yield FirstLook(
        "The trust policy names a different audience from the token's (sts.amazonaws.com for AWS's own tools, the "
        "identity pool's ID for Cognito).",
        unnamed,
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
        asserts=(ConditionFails("trust", ":aud"),),
        guess=True,
    )
    yield _wrong_arn(signs)


CLAIMS_FIT = "The claims in the text meet the conditions of the trust policy in the text"


def _claims_fit(signs: Signs) -> FirstLook:
    """Return what remains if the token's claims in the text meet the conditions of the trust policy in the text.

    IAM User Guide, "Create a role for OpenID Connect federation": the provider of the role's own account
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html); AWS Organizations User Guide,
    "Resource control policies (RCPs)": they cover AWS STS
    (https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html).
    """
    role = signs.denial.resource or "that the call names"
    return FirstLook(
        f"{CLAIMS_FIT}, so look around them: is it the current policy of exactly the role {role}, with the provider "
        "of that role's own account as Principal? Is the printed token that of the refused run? Was the policy "
        "changed moments ago? If all of that is so, an RCP of the organization may deny the call. CloudTrail's event "
        "AssumeRoleWithWebIdentity in the role's account shows the subject and the provider that were sent.",
        Sentence("the text has the token's claims and a trust policy", (Mentions(r"\bsub\b", True),)),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


def _has_usual_audience(signs: Signs) -> bool:
    """Whether the trust policy requires the audience that AWS's own tools request, and the text names no other."""
    audiences = [one for one in token_conditions(signs.denial.text) if one.claim == "aud"]
    asks_for_another = signs.says(r"\baudience[\"']?\s*[:=]\s*[\"']?(?!sts\.amazonaws\.com)\w")
    return bool(audiences) and not asks_for_another and all(one.accepts("sts.amazonaws.com") for one in audiences)


def _wrong_arn(signs: Signs) -> FirstLook:
    return FirstLook(
        "The role's ARN is wrong: it is mistyped, or names another account or a role that does not exist (yet).",
        says(f"the requested role is {signs.denial.resource}", TextPart.RESOURCE, signs.denial.resource)
        if signs.denial.resource
        else lacks("no role was recognized in the text", TextPart.RESOURCE),
        reading("iam", "get-role", ("role-name", signs.target_role)) or reading("iam", "list-roles"),
        Who.CALLER,
        ruled_out_by=("role",),
        asserts=(Exists("role", signs.denial.resource or "", False),),
        guess=True,
    )


# What STS checks in the token before it reads the role.
_BEFORE_THE_TRUST_POLICY = (
    # AWS SDKs and Tools Reference Guide, "AWS STS Regional endpoints"
    # (https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html).
    Said(
        r"\b(?:us-gov|cn)-\w+-\d\b(?=[\s\S]*No OpenIDConnect provider found)"
        r"|No OpenIDConnect provider found in your account(?=[\s\S]*\b(?:us-gov|cn)-\w+-\d\b)",
        "Check whether the role's account has an identity provider for exactly this issuer. If it has one, the "
        "program calls STS in another partition: set its Region, and AWS_STS_REGIONAL_ENDPOINTS=regional. If not, "
        "create the provider.",
        _PROVIDERS,
        Who.ACCOUNT_ADMIN,
    ),
    # Amazon EKS User Guide, "Create an IAM OIDC provider for your cluster": each cluster has its own issuer
    # (https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html).
    Said(
        r"No OpenIDConnect provider found in your account for https://(?P<issuer>oidc\.eks\.[\w.-]+/id/\w+)"
        r"(?=[\s\S]*:oidc-provider/oidc\.eks\.)(?![\s\S]*:oidc-provider/(?P=issuer))",
        "The providers of EKS in the text have other issuers than the token: most likely the cluster was created again "
        "and has a new issuer. Create a provider for the issuer in the message, and let the trust policies of the "
        "roles name it instead of the old one.",
        _PROVIDERS,
        Who.ACCOUNT_ADMIN,
    ),
    Said(
        r"No OpenIDConnect provider found in your account",
        "The role's account has no identity provider for exactly this issuer. Compare the issuer with the existing "
        "providers' URLs: the URL may have changed or be written differently (a slash), or the cluster may have been "
        "recreated. Or the role belongs to another account. If its account is right, create the provider for the URL "
        "there, and let the role's trust policy name it.",
        _PROVIDERS,
        Who.ACCOUNT_ADMIN,
    ),
    Said(
        r"Incorrect token audience",
        "The token's audience is not in the client ID list of the identity provider in IAM: request an audience that "
        "is (GitHub: input audience of configure-aws-credentials; GitLab: aud of id_tokens; in the China Regions "
        "sts.amazonaws.com.cn), or add the token's audience to the provider.",
        _PROVIDERS,
        Who.ACCOUNT_ADMIN,
    ),
    UNCHECKED_TOKEN,
)
_SAML_STATED = (
    Said(
        r"signature[^.\n]{0,30}invalid|invalid SAML signature",
        "The identity provider signs with a new certificate, but the metadata in IAM is the old one.",
        _SAML_PROVIDERS,
        Who.ACCOUNT_ADMIN,
    ),
    Said(
        r"must be redeemed within|ExpiredToken",
        "The assertion is older than five minutes, or the identity provider's clock is wrong.",
        None,
        Who.CALLER,
    ),
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


def _subject(signs: Signs, *, decided: bool) -> Iterator[FirstLook]:
    subject = next((values[0] for token in signs.denial.tokens if (values := token.claim("sub"))), "")
    has = says(f"the token's subject is {subject}", TextPart.TOKEN, subject)
    shown = subject or signs.quote(_SUBJECT_SHOWN)
    rest = "" if signs.says(_OTHERS_GET_IN) or decided else _THE_REST
    if (signs.says(_GITHUB) and not _of_another_ci(signs)) or subject.startswith("repo:"):
        distinguished = (
            *_environment(signs),
            *_pull_request(signs),
            *_tag(signs),
            *_other_branch(signs),
            *_letter_case(signs),
        )
        yield from distinguished
        claimed = signs.quote(_SUBJECT_OF_NAMES)
        numbers = "" if claimed else _NUMBERS
        usual = FirstLook(
            "The trust policy does not accept the token's subject. A branch, a pull request, a tag and an environment "
            "each have their own form (repo:OWNER/REPO:ref:refs/heads/main, …:pull_request, …:environment:NAME), and "
            f"letter case matters.{numbers}{rest}{'' if subject or decided else f' {_SUBJECT_IS_LOGGED}'}",
            has if subject else contains(signs.quote(_GITHUB)),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
            asserts=_SUBJECT_FAILS,
            guess=bool(distinguished) or decided,
        )
        with_ids = FirstLook(
            "The repository's tokens have a subject with numeric IDs (repo:OWNER@ID/REPO@ID:…), as for all created, "
            f"renamed or transferred since July 2026; the trust policy expects names only. {_SUBJECT_IS_LOGGED}",
            (has if subject else Sentence(f"the text shows the subject {shown}", (Quotes(shown),)))
            if shown
            else Sentence("the text shows no subject of the token", (Mentions(_SUBJECT_SHOWN, False),)),
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
            if _has_the_new_name(signs):
                with_ids = replace(
                    with_ids,
                    cause="The trust policy has the new name already. Since July 2026, the tokens of a repository "
                    "whose name or owner changed also have numeric IDs in the subject (repo:OWNER@ID/REPO@ID:…), which "
                    f"most likely is what the trust policy must accept. {_SUBJECT_IS_LOGGED}",
                )
            elif _RENAMED.search(said) and not _covers_the_new_name(signs):
                with_ids = replace(
                    with_ids,
                    cause="The token's subject has the repository's new owner and name, and most likely the trust "
                    "policy still names the old ones: change its condition on sub. After a rename or a transfer since "
                    f"July 2026 the subject also has numeric IDs (repo:OWNER@ID/REPO@ID:…). {_SUBJECT_IS_LOGGED}",
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
            asserts=_SUBJECT_FAILS,
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
            asserts=_SUBJECT_FAILS,
        )
        return
    yield FirstLook(
        "The role's trust policy does not accept the token's subject (sub); letter case matters, and a * needs "
        f"StringLike.{rest}",
        has if subject else _NO_REASON,
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
        asserts=_SUBJECT_FAILS,
    )


_SUBJECT_IS_LOGGED = "CloudTrail's event AssumeRoleWithWebIdentity shows the subject that was sent."
_NUMBERS = " Repositories created, renamed or transferred since July 2026 have numbers in it (repo:OWNER@ID/REPO@ID:…)."
_THE_REST = (
    " If the subject fits, compare the issuer, the audience and the role's ARN: STS answers the same for each of these."
)
_SUBJECT_FAILS = (ConditionFails("trust", ":sub"),)
_SUBJECT_SHOWN = r"\brepo:[\w.@-]+/[\w.@*-]+(?::[^\s\"',}\]]+)?"
# A decoded token's own claim, in the form without the numbers.
_SUBJECT_OF_NAMES = r"(?<![:\w])\"?sub\"?\s*[:=]\s*\"?repo:[\w.-]+/[\w.-]+:[^\s\"',}]+"
_TRUSTED_SUBJECT = regex(
    r"token\.actions\.githubusercontent\.com:sub[\"']?\s*[:=]\s*\[?\s*[\"']?"
    r"(?P<subject>repo:(?P<repository>[\w.@-]+/[\w.@-]+):(?P<rest>[^\s\"',}\]]+))"
)
_JOB_ENVIRONMENT = regex(
    r"(?:^[ \t|│>]*|\b(?:uses?|has|sets?|with|in)[ \t]+(?:an?[ \t]+|the[ \t]+)?)environment:[ \t]*"
    r"(?:\n[ \t|│>]+name:[ \t]*)?[\"']?(?P<name>[\w./-]+)[\"']?[ \t]*$",
    re.MULTILINE,
)


def _environment(signs: Signs) -> Iterator[FirstLook]:
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


def _pull_request(signs: Signs) -> Iterator[FirstLook]:
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


def _tag(signs: Signs) -> Iterator[FirstLook]:
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


def _other_branch(signs: Signs) -> Iterator[FirstLook]:
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


_REPOSITORY = regex(
    r"(?:github\.com[/:]|GITHUB_REPOSITORY[\"']?[=:]\s*[\"']?|\brepository[\"']?:\s*[\"']?)"
    r"(?P<repository>[\w.-]+/[\w.-]*\w)"
)
_TRUSTED_NAMES = regex(r"\brepo:(?P<repository>[\w.-]+/(?:[\w.-]+|\*))")
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


_NAMED_REPOSITORY = regex(r"\brepo:(?P<repository>[\w.-]+/[\w.*-]+)")


_NEW_NAME = regex(
    r"\b(?:renamed|transferred|moved)\b[^\n]{0,60}?(?:->|\u2192|=>|\bto\b)[ \t]*[\"'`]?(?P<new>[\w.-]+(?:/[\w.-]*\w)?)",
    re.IGNORECASE,
)


def _has_the_new_name(signs: Signs) -> bool:
    """Whether the text says how the repository or owner was renamed, and the trust policy has only the new name."""
    text = signs.denial.pasted or signs.denial.text
    named = {each["repository"] for each in _NAMED_REPOSITORY.finditer(text)}
    said = _NEW_NAME.search(text)
    new = said["new"].rstrip(".") if said else ""
    return bool(new and named) and all(new in (each, *each.split("/")) for each in named)


def _covers_the_new_name(signs: Signs) -> bool:
    """Whether the subject patterns in the text cover all repositories of an owner, or both an old and a new name."""
    named = {each["repository"] for each in _NAMED_REPOSITORY.finditer(signs.denial.pasted or signs.denial.text)}
    return len(named) > 1 or any(each.endswith("/*") for each in named)


def _letter_case(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the trust policy and the repository's name in the text differ only in letter case.

    GitHub's subject spells owner and repository as GitHub does, and StringEquals and StringLike are case-sensitive. A
    URL does not show the right spelling, because GitHub accepts any case in it.
    """
    own = [found["repository"].removesuffix(".git") for found in _REPOSITORY.finditer(signs.denial.text)]
    conditions = re.sub(_SUBJECT_OF_NAMES, "", signs.denial.text, flags=re.IGNORECASE)
    for trusted in dict.fromkeys(found["repository"] for found in _TRUSTED_NAMES.finditer(conditions)):
        for each in dict.fromkeys(own):
            owner_only = trusted.endswith("/*")
            here, there = (each.split("/")[0], trusted[:-2]) if owner_only else (each, trusted)
            if here != there and here.lower() == there.lower():
                yield FirstLook(
                    f"The text has both {there} and {here}: upper and lower case matter in the subject. If GitHub "
                    f"spells it {here}, write repo:{here}{'/*' if owner_only else ''} in the trust policy.",
                    contains(f"repo:{trusted}", each),
                    signs.trust_read,
                    Who.RESOURCE_OWNER,
                    ruled_out_by=("trust",),
                )
                return


def saml(signs: Signs) -> Iterator[FirstLook]:
    if signs.action != "sts:assumerolewithsaml":
        return
    yield from causes_by_words(signs.denial.text, _SAML_STATED)
    yield FirstLook(
        "Compare the assertion with the role: its pair of role and provider must be two ARNs of one account, "
        "separated by a comma, and the role must trust that provider. Its recipient must be the trust policy's "
        "SAML:aud.",
        _NO_REASON,
        signs.trust_read or _SAML_PROVIDERS,
        Who.RESOURCE_OWNER,
    )
    yield FirstLook(
        "The assertion's recipient differs from the trust policy's SAML:aud: AWS sign-in has a global endpoint "
        "(https://signin.aws.amazon.com/saml) and one in each Region.",
        says("the trust policy of a role for SAML often tests SAML:aud", TextPart.ACTION, "sts:AssumeRoleWithSAML"),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
        asserts=(ConditionFails("trust", "saml:aud"),),
        guess=True,
    )
