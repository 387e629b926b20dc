"""Causes that concern who was really calling: in most denied programs, an unintended identity makes the call.

Sources: IAM User Guide, "AWS account root user"; re:Post, role trust policy behavior of September 2022 (a role assuming
itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Quotes, Says, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import WHO_AM_I, affirmed, contains, reading, says
from diagnostics.text.causes.denials.parts_of_the_denial import Signs, accounts_differ
from diagnostics.text.read.identities.callers import other_profile
from diagnostics.text.read.identities.external_id import unsent_external_id
from diagnostics.text.read.messages.additions_to_message import identity_answered, stated_in
from diagnostics.who import Who
from diagnostics.words import TASK_START
from iam.facts.deployed_policies import DEPLOYED
from iam.lazy_pattern import regex


def unsigned(signs: Signs) -> Iterator[FirstLook]:
    if "anonymous" not in (signs.denial.principal or "").lower():
        return
    explicit = (signs.denial.stated_reason or "").startswith("explicit")
    private = signs.quote(r"\bprivate (?:REST )?API\b|\bvpce-[0-9a-f]{8,}")
    if signs.layer == "resource" and private and not explicit:
        # API Gateway Developer Guide, "Create a private API"
        # (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html).
        yield FirstLook(
            "A private API needs a resource policy that lets callers from your VPC endpoint (aws:SourceVpce) or VPC "
            "perform execute-api:Invoke. Add this policy, and deploy the API again. Requests must be signed only if "
            "the method's authorization is AWS_IAM.",
            contains(private),
            None,
            Who.RESOURCE_OWNER,
        )
    elif signs.action == "execute-api:invoke":
        # API Gateway Developer Guide, "How API Gateway resource policies affect authorization workflow": without an
        # authorization type, only this policy decides, and it must allow the call
        # (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html).
        decides = "denies the call" if explicit else "does not allow the call, or denies it"
        yield FirstLook(
            f"The API's resource policy {decides}: compare its conditions (address, VPC endpoint) with the request. "
            f"{DEPLOYED} An anonymous caller is normal for a method without IAM authorization.",
            signs.caller_is,
            reading("apigateway", "get-rest-apis", query="items[].[id,name,policy]", region=signs.region),
            Who.RESOURCE_OWNER,
        )
    else:
        yield FirstLook(
            "The request came without a signature: the client sends no AWS credentials, or does not sign (SigV4 is "
            "off, or the client is a plain link or a browser). The AWS CLI's login does not apply to other programs: "
            "configure that program to sign, or call with a tool that signs (an AWS SDK, awscurl, or curl with "
            "--aws-sigv4).",
            signs.caller_is,
            None if identity_answered(signs.denial.text) else WHO_AM_I,
            Who.CALLER,
        )


_UNSIGNED_WORKS = (
    r"--no-sign-request\b(?![^\n]{0,120}(?:n['’]t\b|\bnot\b|\bno longer\b|\bnever\b))[^\n]{0,120}"
    r"\b(?:works?|worked|lists|succeeds|fine|ok)\b|(?<!n['’]t )(?<!not )(?<!never )\b(?:works?|worked)\b[^.\n]{0,60}"
    r"(?:--no-sign-request|anonymously|unsigned|without any credentials)\b"
)


_UNSIGNED = regex(r"^.*\baws\b.*--no-sign-request\b", re.MULTILINE)


def works_unsigned(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call works without credentials.

    AWS CLI reference, "Global options", --no-sign-request: the request is sent without credentials.
    """
    if signs.denial.principal or signs.service not in ("", "s3") or not (said := signs.quote(_UNSIGNED_WORKS)):
        return
    if len(_UNSIGNED.findall(signs.denial.text)) > 1:
        return  # most likely the refused call is not signed either
    yield FirstLook(
        "The data is public: the call works without credentials. So the program signed the call with credentials that "
        "the bucket's owner does not allow. Let the program call without a signature (Nextflow: aws.client.anonymous = "
        "true; s3fs: anon=True; boto3: signature_version UNSIGNED), or without these credentials.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )


def stated(signs: Signs) -> Iterator[FirstLook]:
    """Yield a reason that the text states in its own words, and that no policy can change."""
    found = stated_in(signs.denial.text)
    if found and found.decides and found.cause not in ("unreadable", "not-iam"):
        yield FirstLook(found.sentence, says(f"the text says: {found.words}", TextPart.OWN_WORDS), WHO_AM_I, Who.CALLER)


def root(signs: Signs) -> Iterator[FirstLook]:
    if signs.caller is None or signs.caller.resource != "root":
        return
    yield FirstLook(
        "The caller is an account's root user, to whom the account's IAM policies do not apply. The call can be "
        "refused by an SCP, by the resource's policy, or because another account owns the resource.",
        signs.caller_is,
        WHO_AM_I,
        Who.CALLER,
    )


def a_role_belongs_here(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if AssumeRole was given something that is not a role's ARN."""
    if signs.action != "sts:assumerole" or not (said := signs.denial.resource) or signs.denial.claims_trust:
        return
    target = signs.target
    if re.match(r"aws[\w-]*:iam:|:?iam::", said) or (
        said.startswith("arn:") and (target is None or target.partition == "" or target.service not in ("iam", "*"))
    ):
        fault = "The ARN of the role is malformed: arn:aws:iam::ACCOUNT:role/NAME has five colons, and no Region."
    elif target is not None and target.service == "iam" and target.type != "role":
        fault = f"Only roles can be assumed, and this is a {target.type}: give the ARN of a role."
    else:
        return
    yield FirstLook(fault, signs.resource_is, reading("iam", "list-roles", query="Roles[].Arn"), Who.CALLER)


# IAM evaluates reading, creating and passing such a role like the same calls for any other role.
_CHANGES = regex(r"iam:(?!get|list|simulate|createservicelinkedrole|deleteservicelinkedrole|passrole)")


def kept_by_aws(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the role to change is managed by an AWS service or by IAM Identity Center.

    IAM User Guide, "Create a service-linked role"; IAM Identity Center User Guide: the roles of permission sets are
    changed in IAM Identity Center.
    """
    if not _CHANGES.match(signs.action):
        return
    if signs.target_role.startswith("AWSReservedSSO_") and signs.action == "iam:createrole":
        cause = (
            "The role of a permission set is created by IAM Identity Center. In the organization's management account, "
            "IAM Identity Center creates the role with the permissions of whoever assigns the permission set: allow "
            "that caller this action on roles under aws-reserved/sso.amazonaws.com/."
        )
        yield FirstLook(cause, signs.resource_is, None, Who.ORG_ADMIN)
        return
    if signs.target_role.startswith("AWSReservedSSO_"):
        cause = (
            "The role belongs to a permission set: change the permission set in IAM Identity Center. A permission set "
            "that is used in the management account can be changed only from the management account."
        )
    elif signs.target_role.startswith("AWSServiceRoleFor"):
        deleted = (
            " To delete the role, call aws iam delete-service-linked-role, once its service no longer uses the role."
            if signs.action == "iam:deleterole"
            else ""
        )
        cause = f"The role is service-linked: only its service can change it.{deleted}"
    else:
        return
    yield FirstLook(
        cause,
        signs.resource_is,
        reading("iam", "get-role", ("role-name", signs.target_role), query="Role.Path"),
        Who.ORG_ADMIN,
    )


_PLUG_IN = r"(?:getting token|getting credentials): exec|could not get token"


def kubeconfig(signs: Signs) -> Iterator[FirstLook]:
    if signs.action in ("", "sts:assumerole") and (said := signs.quote(_PLUG_IN)):
        yield FirstLook(
            "kubectl's plug-in is not allowed to assume the role that the kubeconfig names (-r, --role-arn, or the "
            "role_arn of its profile), or does not use the terminal's credentials. The role's trust policy must name "
            "the identity whose credentials the plug-in uses.",
            contains(said),
            WHO_AM_I,
            Who.CALLER,
            ruled_out_by=("trust",),
        )


def itself(signs: Signs) -> Iterator[FirstLook]:
    if signs.action != "sts:assumerole" or not signs.takes_itself:
        return
    yield FirstLook(
        "The caller is already a session of this role: remove the second AssumeRole (role_arn in the profile or "
        "provider, the role field of a cert-manager solver), or let the trust policy name the role itself.",
        Sentence(
            f"the caller and the resource are both {signs.role}",
            (Says(TextPart.PRINCIPAL, signs.role), Says(TextPart.RESOURCE, signs.role)),
        ),
        signs.trust_read,
        Who.CALLER,
    )


_GRANTED_TO = regex(
    r"\b(?:gave|given|granted|give|grant|added|attached|extended"
    r"|have)\s+(?:\w+\s+){0,4}?(?:to\s+)?(?:the\s+)?(?:role\s+)?"
    r"[\"'`]?(?P<name>[A-Za-z][\w+=,.@-]{3,63})[\"'`]?\s+(?:role\s+)?"
    r"(?:full\s+|read\s+|write\s+|all\s+|the\s+|a\s+|an\s+){0,3}(?:access|permissions?|polic(?:y|ies)|rights"
    r"|[a-z0-9]+:[A-Z*]\w*)"
    r"|\b(?:added|attached|granted"
    r"|gave)\s+[^.\n]{1,60}?\s+to\s+(?:the\s+)?(?:role\s+)?[\"'`]?(?P<to>[A-Za-z][\w+=,.@-]{3,63})[\"'`]?"
    r"(?=\s+role\b|[.,;\s]|$)"
    r"|\b(?P<may>[A-Za-z][\w+=,@-]{3,63})[\"'`]?\s+(?:role\s+)?(?:that\s+|which\s+)?"
    r"(?:may|can|is\s+(?:allowed|permitted)\s+to)\s+(?!not\b|be\b|only\b|assume\b)\w+"
    r"(?![^.\n]{0,60}\b(?:once|if|after|when|unless)\b)",
    re.IGNORECASE,
)
_LIKE_A_ROLE = regex(r"^(?!Amazon|AWS|CloudWatch|arn:)(?!.*polic)[^:]*role", re.IGNORECASE)
"""A name that contains "role" and is not a policy's."""


def granted_to_another(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that a role other than the caller was given the permission."""
    if not signs.role or signs.denied_explicitly:
        return
    for found in _GRANTED_TO.finditer(signs.denial.text):
        if not affirmed(signs.denial.text, re.escape(found[0])):
            continue
        name = (found["name"] or found["to"] or found["may"]).strip(".,")
        named = _LIKE_A_ROLE.search(name) or re.search(rf":role/(?:[^\s\"'/]+/)*{re.escape(name)}\b", signs.denial.text)
        if not named or name.lower() in (signs.role.lower(), "role", "roles"):
            continue
        or_run = f"or let the program run as {name}"
        if signs.says(TASK_START):
            or_run = f"which fetches a task's secrets and images; {name} is only for the program in the container"
        yield FirstLook(
            f"The text says that {name} has access, but the caller is {signs.role}: these are two different roles. "
            f"Give {signs.role} the same access, {or_run}.",
            Sentence(
                f"the text contains “{name}”, and the caller is {signs.role}",
                (Quotes(name), Says(TextPart.PRINCIPAL, signs.role)),
            ),
            signs.caller_read,
            Who.CALLER,
        )
        return


# SDKs and Tools Reference Guide, "Understand the settings precedence" and "AWS SDKs and Tools standardized credential
# providers" (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
def other_credentials(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text has an AWS CLI command with --profile, but no profile for the denied program."""
    if signs.denial.principal or not (profile := other_profile(signs.denial.text)):
        return
    yield FirstLook(
        f"In the text, only the AWS CLI uses the profile {profile}. The program whose call was refused finds "
        "credentials in its own way, for example in the environment, AWS_PROFILE or the default profile. Run the "
        f"program with AWS_PROFILE={profile}, or set the profile in its own configuration.",
        contains(f"--profile {profile}"),
        WHO_AM_I,
        Who.CALLER,
    )


def names_differ(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the command's account or name differs from the denial's, the name only slightly."""
    if signs.alone:
        return
    from diagnostics.text.read.identities.command_differs import command_differs

    differ = command_differs(signs.denial)
    if differ is None:
        return
    yield FirstLook(
        f"{differ.sentence} One of the two is mistyped, or the message belongs to another run: first find out which "
        "of the two is true.",
        Sentence(f"the command says {differ.named}", (Quotes(differ.named), Says(TextPart.RESOURCE, differ.refused))),
        WHO_AM_I,
        Who.CALLER,
    )


_PUBLISHED = regex(r"arn:[\w-]+:(?:serverlessrepo:[\w-]*:\d{12}:applications/|lambda:[\w-]*:\d{12}:layer:)")
"""Resources that their owners publish for other accounts.

AWS Serverless Application Repository Developer Guide, "Application policy examples"
(https://docs.aws.amazon.com/serverlessrepo/latest/devguide/access-control-resource-based.html); AWS Lambda Developer
Guide, "Granting layer access to other accounts"
(https://docs.aws.amazon.com/lambda/latest/dg/permissions-layer-cross-account.html).
"""


def other_account(signs: Signs) -> Iterator[FirstLook]:
    """Yield that the caller and the resource belong to two accounts, unless such resources are made for others."""
    if signs.two_accounts is None or _PUBLISHED.match(signs.denial.resource or ""):
        return
    if unsent_external_id(signs.denial.pasted or signs.denial.text):
        return  # an external ID is for a call into another account
    ours, theirs = signs.two_accounts
    yield FirstLook(
        f"The caller belongs to account {ours} and the resource to {theirs}. If you meant to use credentials of "
        f"{theirs}, use those; otherwise both the caller's policies and the resource's policy must allow it.",
        accounts_differ(ours, theirs),
        WHO_AM_I,
        Who.CALLER,
    )


def namesake(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text names an identity with the caller's name in another account.

    The policies of that identity do not apply to the caller.
    """
    name, caller = signs.role or signs.user, signs.caller
    if not name or caller is None or not caller.account or signs.layer != "identity":
        return
    kind = "role" if signs.role else "user"
    found = {
        each[0]
        for each in re.finditer(
            rf"arn:[\w-]+:iam::(?P<account>\d{{12}}):{kind}/(?:[\w+=,.@-]+/)*{re.escape(name)}(?![\w+=,.@/-]*\w)",
            signs.denial.pasted or signs.denial.text,
        )
        if each["account"] != caller.account and each[0] != signs.denial.resource
    }
    if len(found) != 1:
        return
    other = found.pop()
    yield FirstLook(
        f"The text also names {other}: a {kind} of the same name in another account. The caller belongs to account "
        f"{caller.account}, so the permissions of the other {kind} do not matter.",
        contains(other),
        WHO_AM_I,
        Who.ACCOUNT_ADMIN,
    )
