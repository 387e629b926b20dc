"""Advice on the external ID that a trust policy requires."""

from __future__ import annotations

from diagnostics.access_denied.pasted.fixes.faulty_statement import FaultyStatement
from diagnostics.fix import Fix, Note
from diagnostics.text.read.identities.external_id import how_to_send
from diagnostics.who import Who
from iam.arn import account_of
from iam.policy.decision import ConditionFailure, Fault, NearMiss
from iam.policy.operators import operator
from iam.policy.request import Request


def compare_the_external_id(statement: FaultyStatement) -> Fix | None:
    """The trust policy requires an external ID, and the text does not show the call's."""
    conditions = statement.near.conditions
    if statement.fault != Fault.CONDITION_UNKNOWN.value or len(conditions) != 1 or statement.word != "trust":
        return None
    return _external_id(conditions[0], statement.request)


def accept_or_send_the_external_id(statement: FaultyStatement) -> Fix | None:
    """The caller sends a different external ID from the required one."""
    if statement.fault != Fault.CONDITION_UNMET.value or statement.word != "trust":
        return None
    if not (sent := _sends_another_id(statement.near)):
        return None
    wanted = statement.near.conditions[0].wanted[0]
    if _OF_SNOWFLAKE in sent:
        text = (
            f"Write {sent} in place of {wanted} in sts:ExternalId of the trust policy. Snowflake generates the ID, and "
            "a new one whenever the integration is created again (CREATE OR REPLACE); STORAGE_AWS_EXTERNAL_ID in the "
            "integration sets one that stays. Compare Principal with STORAGE_AWS_IAM_USER_ARN, too. Keep the condition."
        )
        return Fix(f"Write the integration's external ID {sent}", Who.RESOURCE_OWNER, Note(statement.place, text))
    text = (
        f"If {sent} is the caller's own external ID (a vendor gives each customer one), write {sent} into "
        f"sts:ExternalId of the trust policy. Otherwise set ExternalId to {wanted} in the caller's settings. Keep "
        "the condition."
    )
    title = f"Find out which external ID is correct: {wanted} or {sent}"
    return Fix(title, Who.RESOURCE_OWNER, Note(statement.place, text))


_OF_SNOWFLAKE = "_SFCRole="
"""A part of the external IDs that Snowflake generates for an integration.

Snowflake documentation, "Option 1: Configuring a Snowflake storage integration to access Amazon S3"
(https://docs.snowflake.com/en/user-guide/data-load-s3-config-storage-integration).
"""


def send_the_external_id(statement: FaultyStatement) -> Fix | None:
    """The caller sends no external ID."""
    if statement.fault != Fault.CONDITION_UNMET.value or statement.word != "trust":
        return None
    if not (external := _unsent_id(statement.near)):
        return None
    if statement.request.action.lower() in _WITHOUT_ID:
        return _apart_from_the_id(statement, external)
    return Fix("Send the external ID", Who.CALLER, Note("the call", f"{how_to_send(external)} Keep the condition."))


_WITHOUT_ID = frozenset({"sts:tagsession", "sts:setsourceidentity"})
"""Actions that accompany sts:AssumeRole, for which AWS does not list sts:ExternalId.

Service Authorization Reference, "Actions, resources, and condition keys for AWS Security Token Service"
(https://docs.aws.amazon.com/service-authorization/latest/reference/list_sts.html).
"""


def _apart_from_the_id(statement: FaultyStatement, external: str) -> Fix:
    """Return the fix for an action that shares a statement, and so an external ID, with sts:AssumeRole."""
    action = statement.request.action
    text = (
        f"Look at the AssumeRole event in CloudTrail. If its requestParameters lack externalId {external}, the "
        f"program does not send the ID: change the program's setting. If the event has the ID, allow {action} in a "
        "separate statement without this condition, with the same principal. Keep the condition on sts:AssumeRole."
    )
    title = f"Check whether the call sends the external ID, and allow {action} without this condition"
    return Fix(title, Who.RESOURCE_OWNER, Note(statement.place, text))


def _sends_another_id(near: NearMiss) -> str:
    """Return the external ID that the caller sends instead of the required one.

    "" if another condition is unmet too.
    """
    first = near.conditions[0] if len(near.conditions) == 1 else None
    if first is None or first.key.lower() != "sts:externalid" or len(first.wanted) != 1 or len(first.had or ()) != 1:
        return ""
    return (first.had or ("",))[0]


def _unsent_id(near: NearMiss) -> str:
    """Return the external ID that the trust policy requires, if the call sends none; else ""."""
    first = near.conditions[0] if near.conditions else None
    unsent = first is not None and first.key.lower() == "sts:externalid" and first.had == ()
    return first.wanted[0] if first is not None and unsent and len(first.wanted) == 1 else ""


def _external_id(condition: ConditionFailure, request: Request) -> Fix | None:
    """Return the fix for an external ID that differs from the required one; None for other conditions.

    IAM User Guide, "Access to AWS accounts owned by third parties"
    (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html).
    """
    parts = operator(condition.operator)
    if condition.key.lower() != "sts:externalid" or parts is None or parts.negated or len(condition.wanted) != 1:
        return None
    wanted = condition.wanted[0]
    if account_of(request.principal or "") != account_of(request.resource):
        text = (
            f"A vendor sends the external ID that the vendor shows you. If that ID is not {wanted}, write that ID "
            "into sts:ExternalId of the trust policy. Your own call sends the ID with --external-id, external_id "
            "in a profile, or the program's setting for it."
        )
        title = f"Compare the external ID in the call with {wanted}"
        return Fix(title, Who.RESOURCE_OWNER, Note("the trust policy in the text", text))
    text = (
        f"Set ExternalId to {wanted} in the call, with --external-id, external_id in a profile, or the program's "
        "setting for it. If the program has no such setting, use a version that has one. Keep the condition."
    )
    return Fix(f"Send the external ID {wanted}", Who.CALLER, Note("the call of AssumeRole", text))
