"""The statement that allows a request in the caller's own policies."""

from __future__ import annotations

import json

from diagnostics.access_denied.pasted.fixes.inference_profiles import PROFILE_AREA
from diagnostics.access_denied.pasted.fixes.place import place_of
from diagnostics.access_denied.request.determined.keys import determined_keys
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import identity_of, name_of
from iam.claims import Keys
from iam.facts.default_roles import service_of_default_role
from iam.lazy_pattern import regex
from iam.policy.compiled import wildcard_only
from iam.service_reference import action as known_action
from iam.service_reference import spelled
from iam.words import listing

PASSED = "iam:PassedToService"


def statement_to_add(denial: Denial, action: str) -> str:
    """Return a sentence saying which statement to add to the caller's own policies.

    If the text names no resource, the sentence names none either, because ``*`` would allow more than the request.
    """
    on = _resource_to_allow(denial, action)
    if not on:
        return f"Add a statement that allows {spelled(action)} on the resource that the call uses."
    statement = json.dumps(allowing(action, on, determined_keys(denial, action, on, ())))
    phones = OF_PHONES if is_phone_number(action, denial.resource or "") else ""
    return f"Add the statement {statement}.{in_the_catalog(action, on)}{phones}"


def in_the_catalog(action: str, on: str) -> str:
    """Return what else a Glue statement must name in the catalog; "" unless the action is on a database or table.

    https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
    """
    known = known_action(action) if action.lower().startswith("glue:") and on.endswith(":catalog") else None
    kinds = [kind.name for kind in known.resource_types] if known is not None else []
    inner = [each for each in ("database", "table") if each in kinds]
    return (
        f" Also name the ARN of the {listing(inner)} in its Resource: Glue checks the permission on each of them."
        if inner
        else ""
    )


def _resource_to_allow(denial: Denial, action: str) -> str:
    """Return the Resource that allows the request; "" if the text does not name a resource."""
    if wildcard_only(action) or is_phone_number(action, denial.resource or ""):
        return "*"
    return denial.resource if denial.resource is not None and denial.resource.startswith("arn:") else ""


def is_phone_number(action: str, on: str) -> bool:
    """Return whether a message goes to a phone number. A phone number has no ARN, so a statement needs "*".

    AWS Step Functions Developer Guide, "IAM policies for calling Amazon SNS", resources based on a path, or publishing
    to TargetArn or PhoneNumber (https://docs.aws.amazon.com/step-functions/latest/dg/sns-iam.html).
    """
    return action.lower() == "sns:publish" and _PHONE_NUMBER.fullmatch(on) is not None


_PHONE_NUMBER = regex(r"\+[\d*xX.-]{5,20}")
"""A number in the format E.164, with or without hidden digits."""


OF_PHONES = (
    ' A phone number has no ARN: only "*" matches it. To exclude topics, write "NotResource": "arn:aws:sns:*:*:*" '
    "instead of the Resource."
)


def fix_of_caller(denial: Denial, action: str, *, account: str = "") -> Fix:
    """Return the fix for the caller's own policies if no policy in the text has to change.

    ``account`` is the caller's account, if the fix must say that this is not the resource's account.
    """
    who = "" if (denial.principal or "").endswith(":root") else denial.principal or ""  # the message names the account
    name = identity_of(who)[2] or "the caller"
    on = _resource_to_allow(denial, action)
    place = place_of(who, shown=False) + (f" in account {account}" if account else "")
    title = f"Allow {name} {spelled(action)}" + (f" on {on}" if on else "")
    return Fix(title, Who.ACCOUNT_ADMIN, Note(place, statement_to_add(denial, action)))


def allowing(action: str, on: str, keys: Keys) -> dict[str, object]:
    """Return a statement for the caller's own policies. A statement that passes a role names one service."""
    statement: dict[str, object] = {
        "Effect": "Allow",
        "Action": spelled(action),
        "Resource": resources_to_name(action, on),
    }
    if action.lower() == "iam:passrole" and (service := _receiver(on, keys)):
        statement["Condition"] = {"StringEquals": {PASSED: service}}
    return statement


def _receiver(role: str, keys: Keys) -> str:
    """Return the service that receives the role.

    That is the service in the request or, if the request names none, the service for which AWS creates a role of this
    name. Return "" if neither is known.
    """
    return keys[PASSED].words if PASSED in keys else service_of_default_role(name_of(role)) or ""


def resources_to_name(action: str, on: str) -> str | list[str]:
    """Return what a statement of the caller has to name.

    For an inference profile, that includes its model in every Region; the Region is empty for a global profile. For a
    database or table of Glue, that includes its container
    (https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html).

    https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
    """
    if (part := IN_CATALOG.fullmatch(on)) is not None and action.lower().startswith("glue:"):
        database = f"{part['place']}:database/{part['database'] or part['of']}"
        return list(dict.fromkeys((f"{part['place']}:catalog", database, on)))
    profile = _PROFILE.fullmatch(on) if action.lower().startswith("bedrock:invokemodel") else None
    return on if profile is None else [on, f"arn:{profile['partition']}:bedrock:*::foundation-model/{profile['model']}"]


IN_CATALOG = regex(
    r"(?P<place>arn:[\w-]+:glue:[a-z0-9-]+:\d{12}):(?:database/(?P<database>[^/]+)|table/(?P<of>[^/]+)/[^/]+)"
)


_PROFILE = regex(
    rf"arn:(?P<partition>[\w-]+):bedrock:[\w-]+:\d{{12}}:inference-profile/{PROFILE_AREA}(?P<model>[\w.:-]+)"
)
