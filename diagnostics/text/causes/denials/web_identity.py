"""Causes for AssumeRoleWithWebIdentity: the token and the role's trust policy decide.

No caller's policy is evaluated. Sources: STS API reference, errors of the call; IAM User Guide, "Create an OpenID
Connect identity provider".
"""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.claims.kinds import ConditionFails, Exists, Mentions, NamesCaller, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import Said, causes_by_words, lacks, reading, says
from diagnostics.text.causes.denials import issuers_and_subjects, workflow_refs
from diagnostics.text.causes.denials.github_subjects import OTHERS_GET_IN, subject
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.shared_causes import UNFETCHED_KEYS, WRONG_THUMBPRINT
from diagnostics.text.read.identities.token_claims import claims_fit
from diagnostics.text.read.identities.token_conditions import token_conditions
from diagnostics.who import Who

_PROVIDERS = reading("iam", "list-open-id-connect-providers")

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
    yield from subject(signs, decided=bool(decided))
    if signs.says(OTHERS_GET_IN):
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
        "The token's audience is not in the client ID list of the identity provider in IAM: add it there if the trust "
        "policy requires it. Otherwise request an audience that is in the list (GitHub: input audience of "
        "configure-aws-credentials; GitLab: aud of id_tokens; in the China Regions sts.amazonaws.com.cn).",
        _PROVIDERS,
        Who.ACCOUNT_ADMIN,
    ),
    WRONG_THUMBPRINT,
    UNFETCHED_KEYS,
)
