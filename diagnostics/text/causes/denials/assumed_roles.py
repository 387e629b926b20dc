"""Causes that lie in a role which a service or a caller cannot assume: what its trust policy must contain.

Sources: each service's guide on its roles (Lambda "Execution role", ECS "Task execution IAM role", EKS "Cluster IAM
role", IAM Roles Anywhere "Trust model").
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from diagnostics.claims.kinds import (
    Found,
    NamesCaller,
    Shown,
    StatedFact,
    TextPart,
)
from diagnostics.diagnosis import FirstLook
from diagnostics.text.causes.build_causes import (
    AN_ALLOW_HELPS,
    blames,
    contains,
    reading,
    says,
    speaks_of,
    unless,
)
from diagnostics.text.causes.denials.parts_of_the_denial import CDK_ROLE, Signs
from diagnostics.text.causes.shared_causes import MISSING_SERVICE_ROLE
from diagnostics.text.read.identities.external_id import how_to_send, unsent_external_id
from diagnostics.text.read.messages.additions_to_message import facts_of
from diagnostics.text.read.resources.new_roles import ROLE_JUST_MADE, first_run, of_several_days
from diagnostics.who import Who
from iam.arn import SERVICE_LINKED_PATH, linked_service, name_of

_WORKS_AGAIN = (
    r"\b(?:works?|succeeds?|passes|goes through)\b[^.\n]{0,40}\b(?:again|second|retry|re-?(?:run|apply|deploy))\b"
    r"|\b(?:second|next|another) (?:try|run|attempt|apply|deploy)\w* (?:works?|succeeds?|passes)\b"
    r"|\b(?:running|deploying|applying|trying|creating)\b[^.\n]{0,40}\bagain (?:works?|succeeds?|passes)\b"
    r"|\b(?:seconds?|minutes?|moments?) later,? [^.\n]{0,40}?\b(?:works?|can|succeeds?|passes)\b(?! ?not\b|['’]t)"
)
_JUST_MADE = FirstLook(
    "The role was created a moment ago: a new trust policy takes a few seconds to reach every service. Try again.",
    speaks_of("the text says that it works again later", _WORKS_AGAIN),
    None,
    Who.CALLER,
    asserts=(Found("changes"), Shown("changes", " d old", False)),
)
_MADE_BY_FIRST_RUN = replace(
    _JUST_MADE,
    cause="Most likely this first run created the role moments before: a new role takes a few seconds to reach every "
    "service. Run it again, without a change.",
)
_LINKED_JUST_MADE = replace(
    _JUST_MADE,
    cause="The service-linked role was created a moment ago, and the service could not use it yet. Wait a few seconds "
    "after its creation, then try again. No role and no policy has to change.",
    asserts=(),
)
_LINKED_EXISTS = (
    "{role} exists already, so do not create it. A new role takes a few seconds to become usable: make the call again."
)


def _shown(role: str) -> str:
    """Words that show that the role exists: IAM refuses to create it again, or an answer has its ARN."""
    arn = rf"arn:[\w-]+:iam::\d{{12}}:role/aws-service-role/\S+/{role}"
    return rf"\b{role} has been taken in this account|\"Arn\": \"{arn}\""


def _made_at(signs: Signs) -> str | None:
    return reading("iam", "get-role", ("role-name", signs.target_role), query="Role.CreateDate")


def role_of_a_service(signs: Signs) -> Iterator[FirstLook]:
    if not signs.denial.claims_trust:
        return
    service = signs.denial.service
    said = says(f"the text says that {service or 'a service'} cannot assume the role", TextPart.TRUST)
    if not service and signs.target_role.startswith("cdk-"):
        return
    target = signs.denial.resource or ""
    named = linked_service(target)
    if linked := f"role{SERVICE_LINKED_PATH}{named}" if named else signs.quote(r"service[- ]linked role"):
        role, principal = (name_of(target), named) if named else _LINKED.get(service or "", ("", ""))
        if again := signs.quote(_WORKS_AGAIN):
            made = reading("iam", "get-role", ("role-name", role), query="Role.CreateDate") if role else None
            yield replace(_LINKED_JUST_MADE, because=contains(again), check=made)
            return
        if role and (exists := signs.quote(_shown(role))):
            made = reading("iam", "get-role", ("role-name", role), query="Role.CreateDate")
            yield FirstLook(_LINKED_EXISTS.format(role=role), contains(exists), made, Who.CALLER)
            return
        if role:
            yield FirstLook(
                f"Check whether the account has {role}. If not, create the role once (this needs "
                f"iam:CreateServiceLinkedRole): aws iam create-service-linked-role --aws-service-name {principal}. A "
                "new role takes a few seconds to become usable: try again.",
                contains(linked),
                reading("iam", "get-role", ("role-name", role)),
                Who.ACCOUNT_ADMIN,
            )
            return
        yield replace(MISSING_SERVICE_ROLE, because=contains(linked))
        return
    if again := signs.quote(_WORKS_AGAIN):
        yield replace(_JUST_MADE, because=contains(again), check=_made_at(signs))
        return
    if (made := signs.quote(ROLE_JUST_MADE)) and not of_several_days(signs.denial.text):
        yield replace(_JUST_MADE, because=contains(made), check=_made_at(signs))
    elif first := first_run(signs.denial.text):
        yield replace(_MADE_BY_FIRST_RUN, because=contains(first[:96]), check=_made_at(signs))
    if service in ("ecs", "ecs-tasks") and signs.says(r"infrastructure\s*role"):
        service = "infrastructure"
    if service and not signs.says(rf"[\"']Service[\"']\s*:\s*[\"'\[]+{re.escape(service)}\.amazonaws\.com"):
        read = reading("rolesanywhere", "list-profiles") if service == "rolesanywhere" else None
        trust = _trusting(service, signs)
        yield FirstLook(trust, said, signs.trust_read or read, Who.RESOURCE_OWNER, shown_by=("trust",))
    if bound := signs.quote(r"aws:Source(?:Arn|Account)"):
        yield FirstLook(
            "Compare the trust policy's aws:SourceArn and aws:SourceAccount with what the service sends.",
            contains(bound),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            shown_by=("trust",),
            asserts=(NamesCaller("trust"),),
        )


# AWS services that work with IAM, each service's "Using service-linked roles": the role and the service's principal.
_LINKED = {
    "ecs": ("AWSServiceRoleForECS", "ecs.amazonaws.com"),
    "eks": ("AWSServiceRoleForAmazonEKS", "eks.amazonaws.com"),
    "autoscaling": ("AWSServiceRoleForAutoScaling", "autoscaling.amazonaws.com"),
    "elasticloadbalancing": ("AWSServiceRoleForElasticLoadBalancing", "elasticloadbalancing.amazonaws.com"),
    "rds": ("AWSServiceRoleForRDS", "rds.amazonaws.com"),
    "ecs-tasks": ("AWSServiceRoleForECS", "ecs.amazonaws.com"),
    "eks-nodegroup": ("AWSServiceRoleForAmazonEKSNodegroup", "eks-nodegroup.amazonaws.com"),
    "batch": ("AWSServiceRoleForBatch", "batch.amazonaws.com"),
}
# The usual mistakes in the trust policies of these services' roles.
_TRUSTED = {
    "pods.eks": "EKS Pod Identity needs both sts:AssumeRole and sts:TagSession for pods.eks.amazonaws.com in the trust "
    "policy.",
    "rolesanywhere": (
        "The trust policy must let rolesanywhere.amazonaws.com perform sts:AssumeRole, sts:TagSession and "
        "sts:SetSourceIdentity, and its conditions must match the certificate's subject."
    ),
    "ecs-tasks": (
        "A task's roles (task and execution) trust ecs-tasks.amazonaws.com; no task can assume a role whose trust "
        "policy names ecs.amazonaws.com or ec2.amazonaws.com."
    ),
    "infrastructure": (
        "ECS's infrastructure role (for volumes and load balancers) trusts ecs.amazonaws.com, not "
        "ecs-tasks.amazonaws.com as a task's roles do."
    ),
    "eks": (
        "A cluster's role must trust eks.amazonaws.com, its nodes' role ec2.amazonaws.com, and Fargate's pods' role "
        "eks-fargate-pods.amazonaws.com: check whether one of these roles is used instead of another."
    ),
    "scheduler": (
        "The role's trust policy must name scheduler.amazonaws.com (EventBridge's rules use events.amazonaws.com). A "
        "condition on aws:SourceArn must have the schedule group's ARN, not the schedule's."
    ),
    "events": "The role's trust policy must name events.amazonaws.com (EventBridge Scheduler uses "
    "scheduler.amazonaws.com). A condition on aws:SourceArn must have the rule's ARN.",
    "codepipeline": (
        "The pipeline's role must trust codepipeline.amazonaws.com. An action's own role must trust the pipeline's "
        "role instead, and the pipeline's role must be allowed to assume it."
    ),
    # https://docs.aws.amazon.com/bedrock/latest/userguide/kb-permissions.html
    "bedrock": (
        "The role's trust policy must let bedrock.amazonaws.com perform sts:AssumeRole, with the account as "
        "aws:SourceAccount and knowledge-base/* or agent/* as aws:SourceArn: a specific ID does not match a resource "
        "that is only now being created."
    ),
    # https://docs.aws.amazon.com/redshift/latest/mgmt/copy-unload-iam-role.html
    "redshift": (
        "The role must be associated with the cluster or namespace (aws redshift modify-cluster-iam-roles, aws "
        "redshift-serverless update-namespace), and must trust redshift.amazonaws.com. In a chain of roles, each role "
        "must be allowed to perform sts:AssumeRole on the next."
    ),
    "glue": "The role's trust policy must name glue.amazonaws.com, and its ARN must have its path (service-role/).",
    "sagemaker": "The role's trust policy must name sagemaker.amazonaws.com, and its ARN must have its path "
    "(service-role/).",
    "firehose": (
        "The role's trust policy must name firehose.amazonaws.com. A condition on sts:ExternalId must have the account "
        "ID."
    ),
}
_TRUSTED["ecs"] = _TRUSTED["ecs-tasks"]


def _trusting(service: str, signs: Signs) -> str:
    if service in ("eks", "pods.eks") and signs.says(r"Pod ?Identity|assume the associated role"):
        return (
            "The role's trust policy must let pods.eks.amazonaws.com perform sts:AssumeRole and sts:TagSession; the "
            "trust for IRSA (the cluster's OIDC provider) does not apply to Pod Identity."
        )
    if signs.target_role.startswith("cdk-"):
        return (
            "This bootstrap role of the CDK was deleted, or its trust policy was changed. If the role is missing, "
            "delete the stack CDKToolkit and run cdk bootstrap again: stacks that were deployed with the role still "
            "refer to it."
        )
    return _TRUSTED.get(
        service,
        f"The role's trust policy must let {service}.amazonaws.com perform sts:AssumeRole.",
    )


_FETCHED = r"(?:get|getting|load|retrieve|refresh|fetch)\w*(?: \w+){0,3} credentials\b"


# IAM User Guide, "Troubleshoot IAM roles" (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html).
_BOTH_SIDES = (
    " If the trust policy names the account (…:root) and not this caller itself, the caller's own policies must allow "
    "sts:AssumeRole on the role's ARN, too."
)


def assume_role(signs: Signs) -> Iterator[FirstLook]:
    """Yield causes for sts:AssumeRole denied without a reason: on both sides, the trust policy first.

    A role cannot be assumed from another partition
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_outbound_cross_partition.html).
    """
    fetched = signs.quote(_FETCHED) if not signs.action else ""
    if (signs.action != "sts:assumerole" and not fetched) or signs.denial.claims_trust:
        return
    if CDK_ROLE.match(signs.target_role):
        return  # `callers.tools` says so
    said = contains(fetched) if fetched else signs.action_is
    on = signs.resource_is if signs.denial.resource else said
    ours, theirs = signs.two_accounts or ("", "")
    partitions = [each.partition for each in (signs.caller, signs.target) if each is not None and each.partition]
    if len(set(partitions)) > 1:
        yield FirstLook(
            f"The caller is in the partition {partitions[0]} and the role in {partitions[1]}: AssumeRole does not "
            f"work across partitions, whatever the role's trust policy says. Use credentials of {partitions[1]}.",
            on,
            None,
            Who.CALLER,
        )
        return
    if signs.layer != "identity" and (external := unsent_external_id(signs.denial.pasted or signs.denial.text)):
        yield FirstLook(
            f"The text names the external ID {external}, and no call in the text sends an external ID. "
            f"{how_to_send(external)} "
            "A trust policy that requires an external ID refuses a call without it.",
            contains(external),
            None,
            Who.CALLER,
        )
    if signs.layer == "identity":
        meant = (
            f" The role is in another account, {theirs}: its trust policy must allow the caller, too." if ours else ""
        )
        yield FirstLook(
            "The caller's policies do not allow sts:AssumeRole on this role's ARN: the statement is missing, or names "
            f"another account, path, name or letter case.{meant}",
            blames("the text names the caller's own policies", "identity"),
            signs.caller_read,
            Who.ACCOUNT_ADMIN,
            shown_by=("identity",),
        )
        return
    facts = facts_of(signs.denial)
    trusting = facts.get(StatedFact.TRUSTED) or facts.get(StatedFact.ACCOUNT_TRUSTED)
    may = facts.get(StatedFact.MAY_ASSUME)
    exists = "" if signs.takes_itself or _is_shown(signs) else "whether the role exists (STS does not say so), "
    both = f"Both sides must allow the call, as the caller belongs to account {ours} and the role to {theirs}. "
    if trusting is not None:
        yield FirstLook(
            "Compare the trust policy's conditions (an external ID, MFA, a source identity, tags) with what the call "
            "sends.",
            contains(trusting.words),
            signs.trust_read,
            Who.RESOURCE_OWNER,
            shown_by=("trust",),
        )
    else:
        yield FirstLook(
            f"{both if ours and may is None else ''}First check {exists}whom the role's trust policy names, and what "
            f"it requires (an external ID, MFA, tags).{'' if ours or may is not None else _BOTH_SIDES}",
            contains(may.words) if may is not None else on,
            signs.trust_read,
            Who.RESOURCE_OWNER,
            shown_by=("trust",),
        )
    yield FirstLook(
        "See whether the caller's own policies allow sts:AssumeRole on this role's ARN.",
        said,
        signs.caller_read,
        Who.ACCOUNT_ADMIN,
        shown_by=("identity",),
        asserts=(*AN_ALLOW_HELPS, *unless(StatedFact.MAY_ASSUME, *(() if ours else (StatedFact.TRUSTED,)))),
        guess=not ours,
    )
    if trusting is not None and may is not None:
        yield FirstLook(
            "Another policy limits the caller: a permissions boundary, a session policy, or an SCP of its account.",
            contains(may.words),
            signs.lists_policies,
            Who.ACCOUNT_ADMIN,
        )


def _is_shown(signs: Signs) -> bool:
    """Whether the text shows that the role exists: by a session of the role, a listing, or its trust policy."""
    name = re.escape(signs.target_role)
    account = signs.target.account if signs.target is not None else ""
    return signs.says(
        rf"sts::{account}:assumed-role/{name}/|RoleName\W{{1,6}}{name}\b|\"Principal\"\s*:"
        r"|\bPrincipal (?:AWS|Service) ?=|\btrust (?:policy )?(?:requires|names|has|allows|lists|says)\b"
    )
