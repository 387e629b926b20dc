"""The statement that allows a request in a resource's own policy."""

from __future__ import annotations

import json

from diagnostics.access_denied.pasted.fixes.caller_arn import arn_to_name, path_note
from diagnostics.failure import Denial
from diagnostics.fix import Fix, Note
from diagnostics.who import Who
from iam.arn import identity_of
from iam.lazy_pattern import regex
from iam.policy.principal import Kind
from iam.policy.principal import caller as request_caller
from iam.policy.request import Request
from iam.service_reference import spelled


def fix_of_resource(denial: Denial, action: str, where: str) -> Fix:
    """Return the fix that adds an Allow to the resource's own policy, which the text does not show.

    ``where`` follows the words "the resource's policy".
    """
    request = Request(denial.principal, action, denial.resource or "*")
    statement = json.dumps(granting(request, action, request.resource))
    return Fix(
        f"Let the resource's own policy allow {identity_of(denial.principal or '')[2]}",
        Who.RESOURCE_OWNER,
        Note(f"the resource's policy{where}", f"Add the statement {statement}.{path_note(denial.principal)}"),
    )


def granting(request: Request, action: str, on: str) -> dict[str, object]:
    """Return a statement for a resource's policy.

    In a key's policy the resource is the key itself
    (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html). An ECR repository's policy has no
    Resource (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html).
    """
    caller = request.principal
    service = request_caller(caller).kind is Kind.SERVICE
    principal = {"Service": caller} if service else {"AWS": arn_to_name(caller) if caller is not None else None}
    if caller is not None and _OF_A_PROVIDER.search(caller):
        principal = {"Federated": caller}
    statement: dict[str, object] = {"Effect": "Allow", "Principal": principal, "Action": spelled(action)}
    if action.lower().startswith("ecr:"):
        return statement
    return {**statement, "Resource": "*" if action.lower().startswith("kms:") else on}


_OF_A_PROVIDER = regex(r":(?:saml|oidc)-provider/")
