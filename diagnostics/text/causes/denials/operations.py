"""Causes in the operation: what a call needs in addition to the action with the call's name.

Source: Service Authorization Reference, each service's actions, resource types and dependent actions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import Quotes, Sentence, TextPart
from diagnostics.diagnosis import FirstLook
from diagnostics.text.answer.denial.cut_off import cut_words
from diagnostics.text.answer.denial.reason_of_service import remark
from diagnostics.text.causes.build_causes import (
    AN_ALLOW_HELPS,
    LONGEST_QUOTE,
    SERVICE_ROLES,
    WHO_AM_I,
    Said,
    causes_by_words,
    contains,
    reading,
    says,
)
from diagnostics.text.causes.denials.parts_of_the_denial import Signs
from diagnostics.text.causes.denials.s3_uploads import BESIDE_UPLOADS
from diagnostics.text.causes.shared_causes import MISSING_SERVICE_ROLE
from diagnostics.text.read.messages.additions_to_message import prose_in
from diagnostics.text.read.resources.impossible_resources import nested_arn
from diagnostics.text.read.resources.impossible_resources import unfilled as unfilled_name
from diagnostics.who import Who
from iam.api_operations import action_for
from iam.arn import account_of, identity_of, linked_service
from iam.facts.key_actions import KEY_ACTIONS
from iam.lazy_pattern import regex
from iam.service_reference import action


def unfilled(signs: Signs) -> Iterator[FirstLook]:
    found = unfilled_name(signs.denial.resource or "")
    if found is not None:
        masked = "" if found.sure else "Unless somebody masked the name for the paste, "
        yield FirstLook(
            f"{masked}{found.part} in the resource's name is a variable, a secret or an output that was never filled "
            "in: no policy names such a resource.",
            signs.resource_is,
            None,
            Who.CALLER,
        )


def cut_off(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for a line that was truncated within the action."""
    yield FirstLook(
        "The line was cut off where it was printed (a table, a log's column): "
        f"{cut_words(signs.denial.action or '')}. Get the full line before you change anything.",
        signs.action_is,
        None,
        Who.CALLER,
    )


def doubled(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if an ARN contains another ARN: the call was given an ARN instead of a name."""
    found = nested_arn(signs.denial.resource or "")
    if found is None:
        return
    yield FirstLook(
        "The resource's ARN contains a second ARN: an ARN was passed instead of a name. Pass the plain name "
        f"({found.name}) as {found.parameter}; a statement for the doubled ARN would only hide the mistake.",
        signs.resource_is,
        None,
        Who.CALLER,
    )


def stated_other_action(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if the refused action that the text names is not the operation's own."""
    denial = signs.denial
    if signs.layer not in ("", "identity") or next(tagging(signs), None) is not None:
        return
    operation, refused = denial.operation or denial.action, denial.missing_action or denial.action
    if not operation or not refused or ":" not in refused or refused.lower() in ("iam:passrole", *BESIDE_UPLOADS):
        return
    if refused.lower().startswith("sts:"):
        return  # `passing` has what a call to assume a role sends
    if refused.lower().startswith("kms:") and operation in KEY_ACTIONS:
        return  # `keys` has all of the actions on the key
    own = operation if ":" in operation else action_for(operation, signs.service) or action_for(operation)
    if own is None or own.lower() == refused.lower() or refused.partition(":")[2].lower() not in denial.text.lower():
        return
    if action(own) is None or (signs.service == "s3" and refused.lower() == "s3:listbucket"):
        return  # not an IAM action; `missing_object` has S3's answer for a missing object
    yield FirstLook(
        f"The call {operation.rpartition(':')[2]} also needs {refused}: allowing {own} alone is not enough.",
        says(f"the operation is {operation}, and the refused action is {refused}", TextPart.ACTION, refused),
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


def remarked(signs: Signs) -> Iterator[FirstLook]:
    """Yield the reason that the service gives in brackets: trusted access, an account to leave out, or a setting."""
    stated = prose_in(signs.denial.text)
    if (said := remark(signs.denial)) and (stated is None or stated.words not in said):
        yield FirstLook(
            f"The service gives its own reason: “{said.rstrip('.')}”. Act on that reason first: it names no policy.",
            contains(said),
            None,
            Who.ACCOUNT_ADMIN,
        )


def service_linked(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause for a missing service-linked role, before the common causes for the program that needs it."""
    if signs.action == "iam:createservicelinkedrole":
        yield from _service_linked(signs)


# EC2's code; Spot Instances have such a role. Amazon EC2 User Guide, "Service-linked role for Spot Instance
# requests" (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html).
_NOT_PERMITTED = r"\bServiceLinkedRoleCreationNotPermitted\b"


def _service_linked(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if creating the service-linked role was refused, or if the role is missing.

    IAM User Guide, "Create a service-linked role": the permission, and the key iam:AWSServiceName.
    """
    service = linked_service(signs.denial.resource or "")
    if not service and (code := signs.quote(_NOT_PERMITTED)) and (spot := signs.quote(r"\b[Ss]pot\b")):
        yield FirstLook(
            "Most likely the account has no service-linked role for Spot Instances yet. Have somebody with "
            "iam:CreateServiceLinkedRole create it once: aws iam create-service-linked-role --aws-service-name "
            "spot.amazonaws.com. Then the launch needs no further permission.",
            contains(code, spot),
            reading("iam", "get-role", ("role-name", "AWSServiceRoleForEC2Spot")),
            Who.ACCOUNT_ADMIN,
        )
        return
    if not service:
        yield replace(MISSING_SERVICE_ROLE, because=signs.action_is)
        return
    yield FirstLook(
        "The service-linked role does not exist yet: allow iam:CreateServiceLinkedRole on this ARN with "
        f"iam:AWSServiceName = {service}, or ask an administrator to create it once. Then repeat the call "
        "that needs it.",
        signs.resource_is,
        SERVICE_ROLES,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


# What the CDK's maintainers say of sagemaker:AddTags (https://github.com/aws/aws-cdk/issues/26012).
_STEP_FUNCTIONS = r"\bStep ?Functions\b|\bstate ?machine\b|\bstepfunctions|IntegrationPattern\.RUN_JOB|\.sync\b"


def _to_whom(signs: Signs) -> str:
    """Return the caller in CloudFormation's event if the text omits the caller; "" otherwise.

    AWS CloudFormation User Guide, "CloudFormation service role": a stack without one uses the caller's permissions
    (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html).
    """
    if signs.denial.principal or not signs.says(r"\bCloudFormation\b|\b(?:CREATE|UPDATE)_FAILED\b|\bstack event"):
        return ""
    return " for the role that runs the CloudFormation deployment (the full message names it after User:)"


def tagging(signs: Signs) -> Iterator[FirstLook]:
    """Yield the cause if a call sets tags, for which most services require a separate action.

    Service Authorization Reference.
    """
    verb = signs.action.partition(":")[2]
    if said := signs.quote(r"not authorized to perform \w+ with tags"):
        because, named = Sentence(f"“{said}”", (Quotes(said),)), "it"
    elif re.fullmatch(r"(?:tag|createtags|addtags)\w*", verb) and signs.service not in ("ec2", "sts", "logs"):
        if (signs.denial.operation or "").lower() == verb:
            return  # a call that only sets tags
        because, named = signs.action_is, signs.denial.missing_action or signs.denial.action or "it"
    else:
        return
    if signs.service == "sagemaker" and (waits := signs.quote(_STEP_FUNCTIONS)):
        yield FirstLook(
            "Step Functions tags each job for which it waits (.sync, RUN_JOB), whatever the job's own tags: allow the "
            "state machine's role, not the role that the job runs with, to perform sagemaker:AddTags. Newer versions "
            "of the CDK grant this action automatically.",
            contains(waits),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
        return
    yield FirstLook(
        "The call sets tags (perhaps a tool's default tags). Tagging needs a separate action from the creation: allow "
        f"{named}{_to_whom(signs)}, or do not set tags.",
        because,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
        only_missing=True,
    )


_STATE = (
    r"(?:Error|Failed(?: to)?)\s+(?:refresh|acquir|load|lock|sav|upload|persist)\w*\s+(?:the\s+|s3\s+)?(?:remote\s+)?"
    r"state\b(?! machine)|state to backend|Failed to get existing workspaces|Error acquiring the state lock"
)


_PROVIDERS_PROFILE = regex(r"\bprovider\s+\"aws\"\s*\{[^}]{0,600}?\bprofile\s*=\s*\"(?P<profile>[\w.@+-]{1,64})\"")


_STATES_ACCOUNT = regex(
    r"\bstate(?:s|'s)? bucket\b[^.\n]{0,60}\baccount\b[^.\n\d]{0,20}(?P<account>\d{12})", re.IGNORECASE
)


def _without_the_providers_role(signs: Signs) -> str:
    """Return a sentence on the provider's role, if the text's backend block names no role or profile; else ""."""
    from diagnostics.text.answer.other_identity_than_meant import provider_role_beside_backend

    if (arn := provider_role_beside_backend(signs.denial.pasted or signs.denial.text)) is None:
        return ""
    of_state = _STATES_ACCOUNT.search(signs.denial.pasted or signs.denial.text)
    account = of_state["account"] if of_state else account_of(arn)
    role = arn if account == account_of(arn) else f"a role of {account}"
    return (
        " The backend block in the text names no role, so the environment's own identity makes the call, not the "
        f"provider's role {identity_of(arn)[2]}. Add assume_role with {role} to the backend block, or allow that "
        "identity the call (for a bucket of another account, in the bucket policy, too)."
    )


def terraform_state(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes if Terraform's backend is denied access to the state.

    Source: Terraform, "S3 backend", permissions and credentials.
    """
    if signs.denial.principal or not (said := signs.quote(_STATE)):
        return
    if remote := signs.quote(r"\bdata\.terraform_remote_state\.\w+"):
        # Terraform, "The terraform_remote_state data source": its config is that of the backend
        # (https://developer.hashicorp.com/terraform/language/state/remote-state-data).
        yield FirstLook(
            f"AWS refused the read of another configuration's state ({remote}). The read uses the credentials of its "
            "own config block (profile, assume_role), or else the environment's, but neither the provider's "
            "credentials nor those of this configuration's backend. The credentials of the read need s3:ListBucket on "
            "that bucket, s3:GetObject on that state, and kms:Decrypt if a KMS key encrypts it.",
            contains(remote),
            WHO_AM_I,
            Who.ACCOUNT_ADMIN,
        )
        return
    provider = _PROVIDERS_PROFILE.search(signs.denial.text)
    own = (
        f" The backend does not use the provider's profile {provider['profile']}: name that profile in the backend, "
        "too, or set AWS_PROFILE."
        if provider is not None and not signs.says(r"\bbackend\s+\"s3\"\s*\{[^}]{0,600}?\bprofile\b")
        else ""
    )
    yield FirstLook(
        "Terraform's backend is refused, not a provider: it uses credentials of its own (profile, assume_role in the "
        f"backend), or the bucket belongs to another account.{own or _without_the_providers_role(signs)}",
        contains(said),
        WHO_AM_I,
        Who.CALLER,
    )
    yield FirstLook(
        "A state in S3 needs s3:ListBucket on the bucket, s3:GetObject and s3:PutObject on the state's object, and "
        "s3:DeleteObject or DynamoDB for the lock. If a KMS key encrypts it: kms:Decrypt and kms:GenerateDataKey.",
        contains(said),
        None,
        Who.ACCOUNT_ADMIN,
        asserts=AN_ALLOW_HELPS,
    )


_ARTIFACTS = (
    r"(?:DOWNLOAD_SOURCE|UPLOAD_ARTIFACTS)\W{1,4}(?:State: )?(?:FAILED\w*|CLIENT_ERROR)"
    r"|primary source and source version|Upload to S3 failed"
    r"|provided role does not have permissions to perform this action"
)
_OF_A_ROLE = (
    Said(
        r"execution role have permission to (\w+)",
        "The function's own execution role lacks the permission (whoever deploys does not need it), or its "
        "policy is attached only after the function or mapping is created.",
        None,
        Who.ACCOUNT_ADMIN,
    ),
    Said(
        r"images included in the model[^\x1e]{1,120}permissions to access them",
        "The model's execution role is not allowed to pull the image (ecr:GetAuthorizationToken, ecr:BatchGetImage, "
        "ecr:GetDownloadUrlForLayer), or the image is in another Region or account.",
        reading("sagemaker", "list-models", query="Models[].ModelName"),
        Who.ACCOUNT_ADMIN,
    ),
)
# A role that is said to lack access to a service, without the action.
_OF_A_SERVICE = (
    Said(
        r"(?:provided|pipeline(?:'s)?) role[^.\n]{0,80}does not have (?:sufficient |the )?permissions? to access (\w+)",
        "The role that the pipeline uses (its service role, or the role of this pipeline action) lacks permissions for "
        "the service that it calls, or for the artifact bucket and its key.",
        reading("codepipeline", "list-pipelines"),
        Who.ACCOUNT_ADMIN,
    ),
)


def in_prose(signs: Signs) -> Iterator[FirstLook]:
    """Yield the common causes for a service's own sentence (`diagnostics.text.read.messages.service_sentences`)."""
    found = prose_in(signs.denial.text)
    denial = signs.denial
    if found and (found.in_table or not (denial.claims_trust or (denial.principal and denial.stated_reason))):
        given = [signs.quote(cause.shown_by) if cause.shown_by else "" for cause in found.row.causes]
        for words, cause in sorted(zip(given, found.row.causes, strict=True), key=lambda each: not each[0]):
            said = words if words and len(words) < LONGEST_QUOTE else found.words
            yield FirstLook(cause.sentence, contains(said), cause.check, cause.who)


def with_role(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for a service's message that says what the service's role cannot do, but names no policy."""
    if not signs.denial.principal and (said := signs.quote(_ARTIFACTS)):
        yield FirstLook(
            "The role of the pipeline, of the action or of the build is not allowed to use the artifacts. It needs "
            "s3:GetObject, s3:GetObjectVersion and s3:PutObject on their bucket, and kms:Decrypt and "
            "kms:GenerateDataKey on the bucket's KMS key.",
            contains(said),
            reading("codepipeline", "list-pipelines"),
            Who.ACCOUNT_ADMIN,
            asserts=AN_ALLOW_HELPS,
        )
    yield from causes_by_words(signs.denial.text, _OF_A_ROLE if signs.action else (*_OF_A_ROLE, *_OF_A_SERVICE))
    if said := signs.quote(r"Not authorized for images: \S+"):
        image = re.search(r"ami-[0-9a-f]+", said)
        yield FirstLook(
            "The image was deregistered, is in another Region, or is private and not shared with this account.",
            contains(said),
            reading("ec2", "describe-images", ("image-ids", image[0] if image else None)),
            Who.CALLER,
        )
