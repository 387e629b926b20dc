"""Causes in who was really calling: most denials in programs are those of an unintended identity.

Sources: EKS User Guide, "IAM roles for service accounts" and "Amazon EKS node IAM role"; ECS Developer Guide, "Task IAM
role"; CDK Developer Guide, "Bootstrapping"; Cloud9 User Guide, "AWS managed temporary credentials"; IAM User Guide,
"AWS account root user"; re:Post, role trust policy behavior of September 2022 (a role assuming itself).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.claims.kinds import Mentions, Quotes, Says, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.denials.signs import CDK_ROLE, Signs, accounts_differ
from diagnostics.text.causes.look import AN_ALLOW_HELPS, WHO_AM_I, affirmed, contains, reading, says, speaks_of
from diagnostics.text.read.beside_message import identity_answered, stated_in
from diagnostics.text.read.callers import other_profile
from diagnostics.text.read.external_id import unsent_external_id
from diagnostics.who import Who
from iam.arn import identity_of, name_of
from iam.lazy_pattern import regex
from iam.service_reference import has_resource_types

_TASK = regex(r"[0-9a-f]{32}")
# A task's ID where the text itself says that a task is started.
_OF_A_TASK = regex(r"[0-9a-f-]{16,36}")
# What ECS does for a task, with the execution role.
_OF_THE_TASK_ITSELF = regex(r"ecr:|logs:|ssm:getp|secretsmanager:|kms:decrypt")
_CDK_NOT_TAKEN = r"could not be used to assume '[^'\n]{0,120}role/cdk-[^'\n]{1,120}'"

_SESSIONS = tuple(
    (regex(session), cause)
    for session, cause in (
        (
            r"AWSCodeBuild-.*",
            "The build's own service role made the call: CodeBuild's project sets it, not the pipeline or whoever "
            "starts it.",
        ),
        (
            "CognitoIdentityCredentials",
            "The call came with the role that the identity pool gives this user: that for guests, for signed-in users "
            "or for a group.",
        ),
        (
            "SageMaker",
            "The call came with the execution role of the notebook, the Studio domain or the user profile; a profile's "
            "own role has priority over its domain's.",
        ),
        (
            "GlueJobRunnerSession|AWS-Crawler",
            "The role of the Glue job or crawler made the call: the policies of whoever starts it make no difference.",
        ),
        (
            "APPSYNC_ASSUME_ROLE|AppSync.*",
            "The role of AppSync's data source made the call: its policy must cover the index or the part of the table "
            "that the resolver uses, too.",
        ),
        (
            "BackplaneAssumeRoleSession",
            "API Gateway made the call, with the role that its integration or authorizer names.",
        ),
        (
            "AmplifyHosting|AWSAmplify.*",
            "Amplify made the call with its compute or service role; its backend uses other roles for signed-in users.",
        ),
        (
            r"(?:botocore-session|aws-sdk-\w+|aws-go-sdk)-\d{8,}",
            "The SDK assumed this role by itself, from a web identity token or a profile's role_arn: check that it is "
            "the right one.",
        ),
        (
            r"eks-[\w-]+-[0-9a-f]{8}-[0-9a-f-]{27}",
            "The call came with the role of the pod's Pod Identity association.",
        ),
    )
)


def unsigned(signs: Signs) -> Iterator[FirstLook]:
    if "anonymous" not in (signs.denial.principal or "").lower():
        return
    if signs.action == "execute-api:invoke" and (signs.denial.stated_reason or "").startswith("explicit"):
        yield FirstLook(
            "The API's resource policy denies the call: compare its conditions (address, VPC endpoint) with it. A "
            "changed policy counts only after the API is deployed again (aws apigateway create-deployment). An "
            "anonymous caller is normal for a method without IAM authorization.",
            signs.caller_is,
            reading("apigateway", "get-rest-apis", query="items[].[id,name,policy]", region=signs.region),
            Who.RESOURCE_OWNER,
        )
    elif signs.layer == "resource" and (private := signs.quote(r"\bprivate (?:REST )?API\b|\bvpce-[0-9a-f]{8,}")):
        # API Gateway Developer Guide, "Create a private API"
        # (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-create.html).
        yield FirstLook(
            "A private API needs a resource policy: let it allow execute-api:Invoke to callers from your VPC endpoint "
            "(aws:SourceVpce) or VPC, and deploy the API again. A signature is needed only where the method's "
            "authorization is AWS_IAM.",
            contains(private),
            None,
            Who.RESOURCE_OWNER,
        )
    else:
        yield FirstLook(
            "The request came without a signature: the client sends no AWS credentials, or does not sign (SigV4 is "
            "off, or it is a plain link or a browser).",
            signs.caller_is,
            WHO_AM_I,
            Who.CALLER,
        )


_UNSIGNED_WORKS = (
    r"--no-sign-request\b(?![^\n]{0,120}(?:n['’]t\b|\bnot\b|\bno longer\b|\bnever\b))[^\n]{0,120}"
    r"\b(?:works?|worked|lists|succeeds|fine|ok)\b|(?<!n['’]t )(?<!not )(?<!never )\b(?:works?|worked)\b[^.\n]{0,60}"
    r"(?:--no-sign-request|anonymously|unsigned|without any credentials)\b"
)


def works_unsigned(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the call works without credentials.

    AWS CLI reference, "Global options", --no-sign-request: the request is sent without credentials.
    """
    if signs.denial.principal or signs.service not in ("", "s3") or not (said := signs.quote(_UNSIGNED_WORKS)):
        return
    yield FirstLook(
        "The data is public: without credentials the call works. So the program signed with credentials that the "
        "bucket's owner does not allow. Let it call without a signature (Nextflow: aws.client.anonymous = true; s3fs: "
        "anon=True; boto3: signature_version UNSIGNED), or without these credentials.",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )


def stated(signs: Signs) -> Iterator[FirstLook]:
    """Yield a reason that the text states in its own words, and that no policy can change."""
    found = stated_in(signs.denial.text)
    if found and found.decides and found.cause not in ("unreadable", "not-iam"):
        yield FirstLook(found.sentence, says(f"the text says: {found.words}", TextPart.OWN_WORDS), WHO_AM_I, Who.CALLER)


_NO_ASSIGNMENT = r"GetRoleCredentials\b[^\n]{0,160}?No access"
_SSO_ROLE = r"\bsso_role_name\s*=\s*([\w+=,.@-]{0,63}[\w+=@-])"
_RESERVED = regex(r"AWSReservedSSO_(?P<set>.+)_[0-9a-f]{16}")
_SSO_ACCOUNT = r"\bsso_account_id\s*=\s*(\d{12})\b"


def _written_otherwise(name: str, text: str) -> str:
    """The same word in other letter case, or such a compound name in the plural, where the text has one; else empty."""
    words = {word for word in re.findall(r"[\w+=,.@-]*[\w+=@-]", text) if word != name}
    in_plural = (f"{name}s", name.removesuffix("s")) if re.search(r"[a-z][A-Z]|\w[-_]\w", name) else ()
    alike = {word for word in words if word.lower() == name.lower() or word in in_plural}
    return alike.pop() if len(alike) == 1 else ""


def _account_otherwise(account: str, text: str) -> str:
    """The one other account number of the text that has the same digits, or all but one; empty if there is none."""
    others = {each for each in re.findall(r"(?<!\d)\d{12}(?!\d)", text) if each != account}
    if len(others) != 1:
        return ""
    other = others.pop()
    differing = sum(1 for one, theirs in zip(account, other, strict=True) if one != theirs)
    return other if differing == 1 or (differing <= _SWAPPED and sorted(account) == sorted(other)) else ""


_SWAPPED = 3
"""At how many places two numbers may differ of which one has the other's digits in another order."""


def permission_set(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the sign-in succeeded but the permission set is not assigned.

    IAM Identity Center portal API, "GetRoleCredentials".
    """
    if not (said := signs.quote(_NO_ASSIGNMENT)):
        return
    role, account = (re.search(each, signs.denial.text) for each in (_SSO_ROLE, _SSO_ACCOUNT))
    if role and (named := _RESERVED.fullmatch(role[1])):
        yield FirstLook(
            f"sso_role_name is the permission set's name as Identity Center shows it, here most likely {named['set']}, "
            f"not the name of its IAM role ({role[1]}). Correct the profile first.",
            contains(role[1]),
            "aws configure list-profiles",
            Who.CALLER,
        )
        yield FirstLook(
            f"If it is refused with that name too, the permission set {named['set']} is not assigned to this person "
            f"{'in account ' + account[1] if account else 'in the account of sso_account_id'}.",
            contains(said),
            None,
            Who.ORG_ADMIN,
        )
        return
    if account and (other := _account_otherwise(account[1], signs.denial.text)):
        right = _written_otherwise(role[1], signs.denial.text) if role else ""
        profile = f"sso_account_id = {account[1]}{f' and sso_role_name = {role[1]}' if role and right else ''}"
        shown = f"{other}{f' and {right}' if right else ''}"
        yield FirstLook(
            f"The profile says {profile}, and the text also has {shown}: every digit and letter counts. Write {shown} "
            "first, if Identity Center shows it so.",
            contains(other),
            None,
            Who.CALLER,
        )
        return
    if role and (shown := _written_otherwise(role[1], signs.denial.text)):
        listed = re.search(rf"\broleName\b\W{{1,6}}{re.escape(shown)}\b", signs.denial.text)
        if listed is not None:
            yield FirstLook(
                f"Write sso_role_name = {shown} in the profile: every letter counts, and the list in the text has "
                f"{shown} for this person, not {role[1]}. You need no permission and no new sign-in.",
                contains(" ".join(listed[0].split())),
                None,
                Who.CALLER,
            )
            return
        yield FirstLook(
            f"The profile says sso_role_name = {role[1]}, and the text also has {shown}: every letter counts. Write "
            f"{shown} first, if that is the permission set that Identity Center shows.",
            contains(shown),
            None,
            Who.CALLER,
        )
        return
    which = f"the permission set {role[1]}" if role else "the profile's permission set (sso_role_name)"
    where = f"account {account[1]}" if account else "the profile's account (sso_account_id)"
    yield FirstLook(
        f"The sign-in worked, but {which} is not assigned to this person in {where}: aws sso list-account-roles shows "
        "what is assigned. Correct the name or the account in the profile (letter case counts), or let an "
        "administrator of Identity Center assign it.",
        contains(said),
        None,
        Who.ORG_ADMIN,
    )


def root(signs: Signs) -> Iterator[FirstLook]:
    if signs.caller is None or signs.caller.resource != "root":
        return
    yield FirstLook(
        "The caller is an account's root user, to whom the account's IAM policies do not apply: an SCP, a resource's "
        "policy or another account's ownership can refuse the call.",
        signs.caller_is,
        WHO_AM_I,
        Who.CALLER,
    )


def a_role_belongs_here(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if AssumeRole was given something that is not a role's ARN: STS finds no role of that name."""
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


# Reading such a role, making it, and handing it over are asked of IAM like those of any other.
_CHANGES = regex(r"iam:(?!get|list|simulate|createservicelinkedrole|deleteservicelinkedrole|passrole)")


def kept_by_aws(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the role to change is managed by an AWS service or by IAM Identity Center.

    IAM User Guide, "Create a service-linked role"; IAM Identity Center user guide: its roles are changed there.
    """
    if not _CHANGES.match(signs.action):
        return
    if signs.target_role.startswith("AWSReservedSSO_") and signs.action == "iam:createrole":
        cause = (
            "The role of a permission set is created by IAM Identity Center. In the organization's management account "
            "it does so with the permissions of whoever assigns the set: allow that caller this action on roles under "
            "aws-reserved/sso.amazonaws.com/."
        )
        yield FirstLook(cause, signs.resource_is, None, Who.ORG_ADMIN)
        return
    if signs.target_role.startswith("AWSReservedSSO_"):
        cause = (
            "The role belongs to a permission set: only its service, IAM Identity Center, can change it (a "
            "permission set of the management account only from there)."
        )
    elif signs.target_role.startswith("AWSServiceRoleFor"):
        deleted = (
            " To delete it, call aws iam delete-service-linked-role, once its service no longer uses it."
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
            "kubectl's plug-in is not allowed to assume the role that the kubeconfig names (-r, --role-arn), or runs "
            "with different credentials than the terminal: the role's trust policy must name the identity it runs "
            "with.",
            contains(said),
            WHO_AM_I,
            Who.CALLER,
            ruled_out_by=("trust",),
        )


def itself(signs: Signs) -> Iterator[FirstLook]:
    if signs.action != "sts:assumerole" or not signs.takes_itself:
        return
    yield FirstLook(
        "The caller is that role already: leave out the second AssumeRole (role_arn in the profile or provider, the "
        "role field of a cert-manager solver), or let the trust policy name the role itself.",
        Sentence(
            f"the caller and the resource are both {signs.role}",
            (Says(TextPart.PRINCIPAL, signs.role), Says(TextPart.RESOURCE, signs.role)),
        ),
        signs.trust_read,
        Who.CALLER,
    )


def tools(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for identities that tools and services create themselves."""
    because = signs.caller_is
    if signs.role.startswith("AWSCloud9") and signs.service in ("iam", "sts"):
        yield FirstLook(
            "Cloud9's managed temporary credentials exclude much of IAM and STS: turn them off there and give the "
            "environment's instance a role.",
            because,
            WHO_AM_I,
            Who.YOU,
        )
    named = CDK_ROLE.search(f"{signs.role}-") or CDK_ROLE.search(f"{signs.target_role}-")
    if named and signs.action == "sts:assumerole":
        yield FirstLook(
            "The caller is not allowed to assume CDK's bootstrap role, or this account and Region were never "
            "bootstrapped (or not with trust for the caller's account).",
            says(f"the resource is CDK's {named['kind']} role", TextPart.RESOURCE, signs.target_role),
            _cdk_stack(signs.target_role),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif (refused := signs.quote(_CDK_NOT_TAKEN)) and (meant := signs.quote(_NOT_TO_DEPLOY)):
        # CDK CLI reference, "cdk diff": without a change set it compares the templates only
        # (https://docs.aws.amazon.com/cdk/v2/guide/ref-cli-cmd-diff.html).
        by_template = ", or run cdk diff --method=template (older versions: --no-change-set)"
        diff = by_template if signs.says(r"\bcdk diff\b") else ""
        yield FirstLook(
            "CDK went on with the caller's own permissions, because the caller may not assume the deploy role, which "
            f"the text says is intended. Allow the caller {signs.denial.action} on the stack{diff}. Leave the deploy "
            "role's trust as it is.",
            contains(refused, meant),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif refused:
        # CDK Developer Guide, "AWS CDK bootstrapping": the deploy role makes CloudFormation's calls.
        yield FirstLook(
            "Allow the caller sts:AssumeRole on CDK's bootstrap roles (arn:aws:iam::ACCOUNT:role/cdk-*): the text says "
            "that it could not assume them, and CDK continued with the caller's own permissions. If it is allowed "
            "already, the roles do not exist here (cdk bootstrap) or do not trust this caller.",
            contains(refused),
            _cdk_stack(signs.role),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    elif CDK_ROLE.search(f"{signs.role}-"):
        yield FirstLook(
            "CDK's bootstrap role makes the call, not you. Its policies come from the bootstrap stack: see whether its "
            "version is older than this CDK asks for. The deploy role can pass only the stack's own role.",
            because,
            _cdk_stack(signs.role),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    if signs.role.startswith("AWSReservedSSO_") and signs.action != "sts:assumerole":
        set_name = signs.role.removeprefix("AWSReservedSSO_").rpartition("_")[0]
        everything = (
            ' The action supports no resources: allow it on Resource "*".'
            if has_resource_types(signs.action) is False
            else ""
        )
        yield FirstLook(
            _of_everything(signs)
            if set_name == _ALL
            else f"The call came with the permission set {set_name or 'of this session'}: change what it allows in IAM "
            f"Identity Center, never in the role, unless another profile was meant.{everything}",
            because,
            signs.caller_read,
            Who.ORG_ADMIN,
            found_by=("identity",),
        )


_INTENDED = (
    r"(?:on purpose|deliberately|intentionally|by design|must(?: not|n't)|should(?: not|n't)|not (?:supposed|meant) to)"
)
_NOT_TO_DEPLOY = rf"\b{_INTENDED}\b[^.\n]{{0,80}}\bdeploy role|\bdeploy role\b[^.\n]{{0,60}}\b{_INTENDED}\b"
_HANDLER = r"HandlerErrorCode|cloudformation service role"


def _of_everything(signs: Signs) -> str:
    """What denies a session of the permission set AdministratorAccess."""
    if signs.layer:
        return (
            "AWS says that none of this session's own policies allows the action: check in IAM Identity Center that "
            f"the permission set {_ALL} has the policy of the same name, and that it is provisioned to this account."
        )
    return (
        f"The policy {_ALL} allows every action. So if the permission set has it, another kind of policy refuses: an "
        "SCP, a permissions boundary or the resource's own policy."
    )


# CloudFormation CLI User Guide, "Registering public extensions" (a third-party type has an execution role of its own):
# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/registry-public.html.
_THIRD_PARTY = regex(
    r"(?<![\w:])(?!AWS::|Aws::|Alexa::|Custom::)(?P<type>[A-Z]\w{1,63}::[A-Z]\w{1,63}::[A-Z]\w{1,63})(?![\w:])"
)
_BY_A_HANDLER = r"Resource handler returned message|HandlerErrorCode|\b(?:CREATE|UPDATE|DELETE)_FAILED\b"


def third_party(signs: Signs) -> Iterator[FirstLook]:
    third = _THIRD_PARTY.search(signs.denial.text)
    if third is not None and signs.session != "AWSCloudFormation" and signs.says(_BY_A_HANDLER):
        named = f", here {signs.role}" if signs.role else ""
        yield FirstLook(
            f"The resource type {third['type']} is a third party's: its handler calls with the execution role that was "
            f"set when the type was activated{named}. The permissions of the stack's role and of whoever deploys do "
            "not matter.",
            contains(third["type"]),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )


def cloudformation(signs: Signs) -> Iterator[FirstLook]:
    # A named caller that is no session of CloudFormation's is the role of something else.
    of_handler = signs.says(_HANDLER) and not signs.denial.principal and not _THIRD_PARTY.search(signs.denial.text)
    if signs.session == "AWSCloudFormation" or of_handler:
        yield FirstLook(
            f"CloudFormation made the call with the stack's service role {signs.role}: the permissions of whoever "
            "updates the stack do not count."
            if signs.session == "AWSCloudFormation"
            else "CloudFormation makes the call for the stack: with the stack's service role if it has one, otherwise "
            "with the permissions of whoever updates the stack.",
            signs.caller_is
            if signs.session == "AWSCloudFormation"
            else speaks_of("the text comes from CloudFormation", _HANDLER),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )


_GRANTED_TO = regex(
    r"\b(?:gave|given|granted|give|grant|added|attached|extended"
    r"|have)\s+(?:\w+\s+){0,4}?(?:to\s+)?(?:the\s+)?(?:role\s+)?"
    r"[\"'`]?(?P<name>[A-Za-z][\w+=,.@-]{3,63})[\"'`]?\s+(?:role\s+)?"
    r"(?:full\s+|read\s+|write\s+|all\s+|the\s+|a\s+|an\s+){0,3}(?:access|permissions?|polic(?:y|ies)|rights"
    r"|[a-z0-9]+:[A-Z*]\w*)"
    r"|\b(?:added|attached|granted"
    r"|gave)\s+[^.\n]{1,60}?\s+to\s+(?:the\s+)?(?:role\s+)?[\"'`]?(?P<to>[A-Za-z][\w+=,.@-]{3,63})[\"'`]?"
    r"(?=\s+role\b|[.,;\s]|$)",
    re.IGNORECASE,
)
_LIKE_A_ROLE = regex(r"^(?!Amazon|AWS|CloudWatch|arn:)[^:]*role", re.IGNORECASE)
"""A name that contains "role" and is not an AWS-managed policy's."""


def granted_to_another(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text says that another role than the caller was given the permission."""
    if not signs.role or signs.denied_explicitly:
        return
    for found in _GRANTED_TO.finditer(signs.denial.text):
        if not affirmed(signs.denial.text, re.escape(found[0])):
            continue
        name = (found["name"] or found["to"]).strip(".,")
        named = _LIKE_A_ROLE.search(name) or re.search(rf":role/(?:[^\s\"'/]+/)*{re.escape(name)}\b", signs.denial.text)
        if not named or name.lower() in (signs.role.lower(), "role", "roles"):
            continue
        yield FirstLook(
            f"The text says that {name} was given access, but the caller is {signs.role}: these are two roles. Give it "
            f"to {signs.role}, or let the program run as {name}.",
            Sentence(
                f"the text contains “{name}”, and the caller is {signs.role}",
                (Quotes(name), Says(TextPart.PRINCIPAL, signs.role)),
            ),
            signs.caller_read,
            Who.CALLER,
        )
        return


def services(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for a service's session, recognized by its name.

    The role that the service was given lacks permission.
    """
    for session, cause in _SESSIONS:
        if session.fullmatch(signs.session) and not signs.denied_explicitly:
            because = signs.caller_is
            # Some of these causes are that another role was meant, which the caller's policies do not show.
            yield FirstLook(cause, because, signs.caller_read, Who.ACCOUNT_ADMIN, found_by=("identity",))


def _cdk_stack(role: str) -> str | None:
    """CDK names its roles cdk-QUALIFIER-KIND-role-ACCOUNT-REGION."""
    region = re.search(r"role-\d{12}-([a-z]{2}(?:-[a-z]+)+-\d)$", role)
    return reading(
        "cloudformation", "describe-stacks", ("stack-name", "CDKToolkit"), region=region[1] if region else ""
    )


# Amazon ECS Developer Guide, "Amazon ECS task execution IAM role": what ECS does before the program starts.
_STARTING = r"ResourceInitializationError|CannotPull(?:ECR)?Container\w*|execution resource retrieval failed"


def task(signs: Signs) -> Iterator[FirstLook]:
    started = signs.quote(_STARTING) if _OF_A_TASK.fullmatch(signs.session) else ""
    if not started and not _TASK.fullmatch(signs.session):
        return
    said = f"the session {signs.session} has the form of an ECS task's ID"
    because = says(said, TextPart.PRINCIPAL, signs.session)
    if not started and re.search(r"exec", signs.role, re.IGNORECASE) and not _OF_THE_TASK_ITSELF.match(signs.action):
        yield FirstLook(
            "This is the task's execution role, which pulls the image, reads its secrets and writes its logs. The "
            "program's own calls use the task role.",
            because,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            ruled_out_by=("identity",),
            asserts=AN_ALLOW_HELPS,
        )
        return
    if started:
        yield FirstLook(
            "This is the task's execution role (it pulls the image, reads the secrets of the task definition and "
            "writes the logs), not the task role.",
            contains(started),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            told_by=("identity",),
            asserts=AN_ALLOW_HELPS,
        )
        return
    yield FirstLook(
        "A task's role made the call. The task role is for the program, the execution role for the image, its secrets "
        "and logs; the two are easily confused.",
        because,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        told_by=("identity",),
        asserts=AN_ALLOW_HELPS,
    )


# SDKs and Tools Reference Guide, "Understand the settings precedence" and "AWS SDKs and Tools standardized credential
# providers" (https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html).
def other_credentials(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the text has an AWS CLI command with --profile, and no profile for the denied program."""
    if signs.denial.principal or not (profile := other_profile(signs.denial.text)):
        return
    yield FirstLook(
        f"In the text, only the AWS CLI uses the profile {profile}. The program whose call was refused finds "
        "credentials by itself, for example in the environment, AWS_PROFILE or the default profile. Run it with "
        f"AWS_PROFILE={profile}, or set the profile in its own configuration.",
        contains(f"--profile {profile}"),
        WHO_AM_I,
        Who.CALLER,
    )


def names_differ(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the command names another account, or a slightly different name, than the denial."""
    if signs.alone:
        return
    from diagnostics.text.read.command_differs import command_differs

    differ = command_differs(signs.denial)
    if differ is None:
        return
    yield FirstLook(
        f"{differ.sentence} One is mistyped, or the message belongs to another run: find that out first.",
        Sentence(f"the command says {differ.named}", (Quotes(differ.named), Says(TextPart.RESOURCE, differ.refused))),
        WHO_AM_I,
        Who.CALLER,
    )


_A_PARTITION = regex(r"arn:(aws(?:-[a-z]+)*):")


def foreign_partition(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a policy in the text has ARNs of another partition than the request's."""
    asked = {each.partition for each in (signs.target, signs.caller) if each is not None and each.partition}
    if len(asked) != 1:
        return
    own = asked.pop()
    others = [found[1] for found in _A_PARTITION.finditer(signs.denial.text) if found[1] != own]
    if not others:
        return
    yield FirstLook(
        f"The request is in the partition {own}, but the text has ARNs of {others[0]}, which match nothing there: "
        f"write them with arn:{own}: (for resources, managed policies and principals alike).",
        contains(f"arn:{others[0]}:"),
        None,
        Who.ACCOUNT_ADMIN,
    )


def other_account(signs: Signs) -> Iterator[FirstLook]:
    if signs.two_accounts is None or unsent_external_id(signs.denial.pasted or signs.denial.text):
        return  # an external ID is for a call into another account
    ours, theirs = signs.two_accounts
    yield FirstLook(
        f"The caller belongs to account {ours} and the resource to {theirs}. If you meant to use credentials of "
        f"{theirs}, use those; otherwise both the caller's policies and the resource's policy must allow it.",
        accounts_differ(ours, theirs),
        WHO_AM_I,
        Who.CALLER,
    )


_HANDED_OVER = regex(
    r"\b\w*role\w*[\"']?\s*[:=]\s*[\"']?(?P<arn>arn:[\w-]+:iam::\d{12}:role/[\w+=,.@/-]+)", re.IGNORECASE
)
_ALL = "AdministratorAccess"


def administrator(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for a caller with AdministratorAccess.

    AWS Managed Policy Reference, AdministratorAccess (every action on every resource):
    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html.
    """
    said = signs.administrator
    if not said or signs.layer not in ("", "identity") or signs.action.startswith("sts:"):
        return
    because = contains(said)
    handed = _HANDED_OVER.search(signs.denial.text)
    if handed and not signs.layer and signs.action != "iam:passrole":
        name = handed["arn"].rpartition("/")[2]
        yield FirstLook(
            f"The call passes the role {name} to a service: check that it exists under exactly this ARN, and that it "
            "trusts the service. Some services give this answer if they cannot use the role.",
            contains(handed["arn"], said),
            reading("iam", "get-role", ("role-name", name), query="Role.Arn"),
            Who.CALLER,
        )
    present, who = identity_answered(signs.denial.text), signs.role or signs.user
    if present is not None and who and identity_of(present) != identity_of(signs.denial.principal or ""):
        # The text answers it: whoever has the policy is not who was refused.
        yield FirstLook(
            f"{name_of(present)} is not the caller: the call was made by {who}, whose own policies count, and {_ALL} "
            f"of {name_of(present)} makes no difference.",
            because,
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
        )
    elif signs.layer and who:
        yield FirstLook(
            f"{who} made the call, and does not have {_ALL}, which allows every action: AWS says that none of the "
            f"caller's own policies allows it. Allow it to {who}, or find out who has {_ALL}.",
            Sentence(
                f"the text contains “{said}”, and the caller is {who}", (Quotes(said), Says(TextPart.PRINCIPAL, who))
            ),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )


_SSO_PROFILE = r"\bsso_(?:session|role_name|account_id|start_url)\s*="


def signed_in(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a user's keys made the call although the text shows an Identity Center profile."""
    if not signs.user or signs.denied_explicitly or not signs.says(_SSO_PROFILE):
        return
    caller = says(f"the caller is the user {signs.user}", TextPart.PRINCIPAL, signs.user)
    account = re.search(_SSO_ACCOUNT, signs.denial.text)
    differs = account is not None and signs.caller is not None and signs.caller.account != account[1]
    other = f" of another account than {account[1]}" if account and differs else ""
    yield FirstLook(
        f"The caller is the user {signs.user}{other}, but the profile in the text signs in with Identity Center: "
        "the call used other keys. Look for AWS_ACCESS_KEY_ID in the environment and for keys in the same "
        "profile, and check which profile the program uses.",
        Sentence(f"{caller.text}, and the text contains “sso_…”", (*caller.claims, Mentions(_SSO_PROFILE))),
        WHO_AM_I,
        Who.CALLER,
    )


def namesake(signs: Signs) -> Iterator[FirstLook]:
    """Yield that the text names a role or user of the caller's name in another account: its policies do not count."""
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
        f"The text also names {other}: a {kind} of the same name in another account. The caller is of account "
        f"{caller.account}, so what the other one may do does not count.",
        contains(other),
        WHO_AM_I,
        Who.ACCOUNT_ADMIN,
    )
