"""Compare a trust policy in the text with what the text shows about the token: its issuer and its subject.

Sources: IAM User Guide, "Create a role for OpenID Connect federation" and "IAM JSON policy elements: Condition
operators"; EKS User Guide, "Assign IAM roles to Kubernetes service accounts".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Quotes, Sentence
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import contains
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.read.identities.token_conditions import (
    TokenCondition,
    service_accounts,
    token_conditions,
    token_issuers,
    trusted_issuers,
)
from diagnostics.who import Who
from iam.facts.token_subjects import TOKEN_SUBJECTS
from iam.lazy_pattern import regex
from iam.words import listing

_ACCOUNT = "system:serviceaccount:"


def trusted_accounts(text: str) -> tuple[str, ...]:
    """Return the service accounts' subjects, including wildcards, that the trust policies in the text name."""
    return tuple(
        each for one in token_conditions(text) if one.claim == "sub" for each in one.values if each.startswith(_ACCOUNT)
    )


def of_service_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield why the trust policy in the text does not accept the pod's token."""
    conditions = token_conditions(signs.denial.text)
    yield from _literal(conditions)
    yield from _other_key(signs, conditions)
    yield from _foreign(signs)
    yield from _other_cluster(signs)
    yield from _other_subject(signs, conditions)
    yield from _other_namespace(signs, conditions)


def of_token(signs: Signs) -> Iterator[FirstLook]:
    """Yield the causes of `of_service_account` for a denied sts:AssumeRoleWithWebIdentity."""
    if signs.action == "sts:assumerolewithwebidentity":
        yield from _of_a_pulumi_environment(signs)
        yield from of_service_account(signs)


_OF_DEPLOYMENTS = "pulumi:deploy:"
_OF_AN_ENVIRONMENT = (
    r"\bPulumi ESC\b|\bESC\b|\bfn::open::aws-login\b|\bfailed to (?:resolve|open) environment\b"
    r"|\besc (?:env|run|open)\b"
)


def _of_a_pulumi_environment(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the trust policy accepts Pulumi's deployments, but the token is of an environment (ESC).

    Pulumi, "Configuring OpenID Connect for AWS" of ESC and of Deployments
    (https://www.pulumi.com/docs/esc/guides/configuring-oidc/aws/, https://www.pulumi.com/docs/deployments/guides/oidc/aws/).
    """
    values = [
        each for one in token_conditions(signs.denial.text) if one.claim == "sub" for each in one.values if ":" in each
    ]
    if not values or not all(each.startswith(_OF_DEPLOYMENTS) for each in values):
        return
    if said := signs.quote(_OF_AN_ENVIRONMENT):
        yield FirstLook(
            f"The trust policy accepts subjects of Pulumi Deployments ({_OF_DEPLOYMENTS}…), but an environment of "
            f"Pulumi ESC "
            "sends its own: pulumi:environments:org:ORG:env:PROJECT/NAME, with the audience aws:ORG (in the project "
            "default only ORG). Accept both in the trust policy, and add the audience to the identity provider.",
            contains(said, values[0][:60]),
            signs.trust_read,
            Who.RESOURCE_OWNER,
        )


def default_audience(signs: Signs) -> Iterator[FirstLook]:
    """Yield the audience that the issuer's tokens have by default, if the provider in IAM does not list the token's."""
    if not (said := signs.quote(r"Incorrect token audience")):
        return
    if taken := signs.quote(r"\bpods\.eks\.amazonaws\.com/serviceaccount\b|\beks-pod-identity-token\b"):
        # EKS User Guide, "Understand how EKS Pod Identity works"
        # (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-how-it-works.html).
        yield FirstLook(
            "The token belongs to EKS Pod Identity, and only its agent exchanges it: STS does not accept the token in "
            "a web identity call. Remove role_arn and web_identity_token_file (or AWS_ROLE_ARN and "
            "AWS_WEB_IDENTITY_TOKEN_FILE), so that the SDK uses AWS_CONTAINER_CREDENTIALS_FULL_URI. Change no "
            "provider in IAM.",
            contains(said, taken),
            "env | grep ^AWS_ | cut -d= -f1",
            Who.CALLER,
        )
        return
    for each in TOKEN_SUBJECTS:
        issuer = re.search(each.issuer, signs.denial.text) if each.audience else None
        if issuer is None:
            continue
        audience = issuer[0].rpartition("/")[2] if "/org/" in issuer[0] else each.audience
        yield FirstLook(
            f"Tokens of {each.name} have the audience {audience}, unless the job asks for another one: add {audience} "
            "to the client IDs of the identity provider, and to the :aud condition of the trust policy, or let the "
            f"job ask for an audience that the provider has ({each.url}).",
            contains(said, issuer[0]),
            "aws iam list-open-id-connect-providers",
            Who.ACCOUNT_ADMIN,
        )
        return


def _literal(conditions: tuple[TokenCondition, ...]) -> Iterator[FirstLook]:
    for one in conditions:
        if not (values := one.literal_wildcards):
            continue
        whole = "the service account's full name" if values[0].startswith(_ACCOUNT) else "the full value"
        yield FirstLook(
            f"The trust policy compares {one.claim} with {values[0]} by {one.operator}, which takes * literally, so no "
            f"token matches. Write {whole}, or use StringLike for {one.claim} alone.",
            contains(values[0]),
            None,
            Who.RESOURCE_OWNER,
        )
        return


def _other_key(signs: Signs, conditions: tuple[TokenCondition, ...]) -> Iterator[FirstLook]:
    """Yield the cause if a condition's key begins with an issuer other than the statement's provider.

    No token has such a key.
    """
    trusted = trusted_issuers(signs.denial.text)
    keys = {one.issuer.rstrip("/").lower() for one in conditions if not re.search(r"[${}*()\[\]]", one.issuer)}
    if len(trusted) != 1 or len(keys) != 1 or keys == set(trusted):
        return
    key = keys.pop()
    if key.startswith(trusted[0]) or trusted[0].startswith(key):
        return  # one of them may be cut off
    yield FirstLook(
        f"The trust policy names the provider {trusted[0]}, but its conditions test keys of {key}: no token comes from "
        "both issuers. Use the token's issuer in both the provider's ARN and the condition keys.",
        Sentence(f"the text names {trusted[0]} and {key}", (Quotes(trusted[0]), Quotes(key))),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


def shown_subject_is_accepted(text: str) -> bool:
    """Return whether the text shows exactly one service account that every condition on the subject accepts."""
    conditions = token_conditions(text)
    subjects = service_accounts(text, conditions)
    wanted = [one for one in conditions if one.claim == "sub"]
    return len(subjects) == 1 and bool(wanted) and all(one.accepts(subjects[0]) for one in wanted)


def _foreign(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the trust policy does not name the token's issuer: the program sent the wrong token."""
    text = signs.denial.text
    sent = token_issuers(text)
    trusted = trusted_issuers(text) or tuple(dict.fromkeys(each.issuer.lower() for each in token_conditions(text)))
    if len(sent) != 1 or not trusted or re.search(r"[${}*()\[\]]", "".join(trusted)):
        return
    if any(each.startswith(sent[0]) or sent[0].startswith(each) for each in trusted):
        return
    if {each.partition("/")[0] for each in trusted} == {sent[0].partition("/")[0]}:
        yield FirstLook(
            f"The token's issuer is {sent[0]}, and the trust policy names {listing(trusted, 'or')}. Find out which "
            "issuer is right: if the token's issuer is right, write it in the provider's ARN and in the condition "
            "keys. The account also needs an identity provider for exactly this issuer.",
            Sentence(f"the text names {sent[0]} and {trusted[0]}", (Quotes(sent[0]), Quotes(trusted[0]))),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            ruled_out_by=("trust",),
        )
        return
    accounts = service_accounts(text, token_conditions(text))
    whose = f" of {accounts[0]}" if len(accounts) == 1 else ""
    own = (
        " Most likely AWS_WEB_IDENTITY_TOKEN_FILE still names the pod's own token, which EKS mounts."
        if sent[0].startswith("oidc.eks.")
        else ""
    )
    yield FirstLook(
        f"The program sent the wrong token for this role: a token{whose} from {sent[0]}, while the role trusts "
        f"{listing(trusted, 'or')}.{own} Let the program send the right token. Do not add a provider to the trust "
        "policy for this.",
        Sentence(f"the text names {sent[0]} and {trusted[0]}", (Quotes(sent[0]), Quotes(trusted[0]))),
        None,
        Who.CALLER,
    )


def _as_written(issuer: str, text: str) -> str:
    """Return the issuer with the letter case that it has in the text."""
    found = re.search(re.escape(issuer), text, re.IGNORECASE)
    return found[0] if found else issuer


_ISSUER_OF_CLUSTER = regex(r"https://(?P<issuer>oidc\.eks\.[\w.-]+/id/\w+)")


def _other_cluster(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the trust policy names another cluster's issuer than the text prints for the pod's cluster.

    Amazon EKS User Guide, "Create an IAM OIDC provider for your cluster"
    (https://docs.aws.amazon.com/eks/latest/userguide/enable-iam-roles-for-service-accounts.html).
    """
    text = signs.denial.text
    printed = {found["issuer"].lower() for found in _ISSUER_OF_CLUSTER.finditer(text)}
    trusted = [each for each in trusted_issuers(text) if each.startswith("oidc.eks.")]
    if token_issuers(text) or len(printed) != 1 or not trusted or printed & set(trusted):
        return
    cluster = printed.pop()
    if any(each.startswith(cluster) or cluster.startswith(each) for each in trusted):
        return  # one of them is cut off
    cluster, *trusted = (_as_written(each, text) for each in (cluster, *trusted))
    yield FirstLook(
        f"The role trusts {listing(trusted, 'or')}, but the cluster's issuer is {cluster}: write the cluster's issuer "
        "in the provider's ARN and the condition keys of the trust policy, or add a statement with this issuer. The "
        "role's account also needs an IAM OIDC provider for that issuer (aws iam list-open-id-connect-providers).",
        Sentence(f"the text names {cluster} and {trusted[0]}", (Quotes(cluster), Quotes(trusted[0]))),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


def _other_subject(signs: Signs, conditions: tuple[TokenCondition, ...]) -> Iterator[FirstLook]:
    """Yield the cause if the text names a service account that the conditions do not accept."""
    subjects = service_accounts(signs.denial.text, conditions)
    wanted = [one for one in conditions if one.claim == "sub" and any(v.startswith(_ACCOUNT) for v in one.values)]
    if len(subjects) != 1 or not wanted or any(one.accepts(subjects[0]) or one.literal_wildcards for one in wanted):
        return
    values = listing([each for one in wanted for each in one.values], "or")
    yield FirstLook(
        f"The trust policy accepts {values}, but the token's subject is {subjects[0]}: change the policy to accept "
        "that subject too, or let the pod use a service account that the policy accepts.",
        Sentence(
            f"the text contains “{subjects[0]}” and the trust policy's “{wanted[0].values[0]}”",
            (Quotes(subjects[0]), Quotes(wanted[0].values[0])),
        ),
        None,
        Who.RESOURCE_OWNER,
    )


def _other_namespace(signs: Signs, conditions: tuple[TokenCondition, ...]) -> Iterator[FirstLook]:
    """Yield the cause if ``kubectl get pods -A`` lists the pod outside the namespace of the trusted service account."""
    named = [one for one in conditions if one.claim == "sub" and len(one.values) == 1]
    if len(named) != 1 or not (account := _EXACT_ACCOUNT.fullmatch(named[0].values[0])):
        return
    listed = re.findall(
        rf"^[ \t]*([a-z0-9-]+)[ \t]+(?:pod/)?{re.escape(account['name'])}-[a-z0-9-]+[ \t]+\d+/\d+\b",
        signs.denial.text,
        re.MULTILINE,
    )
    places = set(listed)
    if len(places) != 1 or account["namespace"] in places:
        return
    place = places.pop()
    wanted = f"{_ACCOUNT}{place}:{account['name']}"
    yield FirstLook(
        f"Pods whose names begin with {account['name']} run in the namespace {place}, and the trust policy accepts "
        f"{account[0]}. Let the trust policy accept {wanted}, if the pods' service account has that name.",
        contains(account[0], place),
        signs.trust_read,
        Who.RESOURCE_OWNER,
        ruled_out_by=("trust",),
    )


_EXACT_ACCOUNT = regex(r"system:serviceaccount:(?P<namespace>[a-z0-9-]+):(?P<name>[a-z0-9-]+)")
