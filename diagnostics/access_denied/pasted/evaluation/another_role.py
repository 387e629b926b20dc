"""Report that a policy that may allow the request is attached to another role."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from diagnostics.access_denied.pasted.evaluation.evaluate import judge
from diagnostics.access_denied.pasted.finding import Finding
from diagnostics.access_denied.pasted.policies_in_text import PastedPolicy
from diagnostics.diagnosis import PolicyFact
from diagnostics.failure import Denial
from iam.lazy_pattern import regex
from iam.policy.layer import Layer
from iam.words import listing


def of_another(
    denial: Denial, action: str, pasted: Sequence[PastedPolicy], caller: str, values: tuple[tuple[int, int, Any], ...]
) -> Iterator[Finding]:
    """Yield a finding if a policy that may allow the request is attached to a different role from the caller's."""
    judged = judge(denial, action, pasted, Layer.IDENTITY, "identity", values, whole=False)
    if not any(one.code is None for one in judged):
        return
    holders = listing(tuple(sorted({name for one in pasted for name in one.holders})))
    said = f"the policy that names {action} is attached to {holders}, not to {caller}"
    names = {re.escape(name) for one in pasted for name in one.holders}
    users = any(re.search(rf"user/{name}\b|serName\W+{name}\b", denial.text) for name in names)
    session = users and ":assumed-role/" in (denial.principal or "")
    only_its = (
        " A session has the permissions of its role, not those of the principal that assumed the role."
        if session
        else ""
    )
    chosen = not (_BY_A_SERVICE.search(denial.principal or "") or _STARTS.search(denial.pasted or denial.text))
    otherwise = (
        f"Make the call as {holders}. If {caller} should make the call, allow the action in the policies of {caller}."
    )
    where = next((place for form, place in _ROLE_SET_IN.items() if re.search(form, denial.principal or "")), "")
    set_there = (
        f"Set {holders} as the role of {where} if that role is intended; otherwise allow {caller} to make the call."
    )
    instead = set_there if where else f"Allow {caller}, which makes this call, to perform the action."
    sentence = f"In the text, {said}. {otherwise if chosen else instead}{only_its}"
    yield Finding("identity.no-action", said, sentence, fact=PolicyFact.OF_ANOTHER_ROLE)


# The service chooses the role: CloudFormation's, "AWS CloudFormation service role"
# (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-iam-servicerole.html); ECS, "Task
# execution role" (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html);
# Service Catalog, "Launch constraints"
# (https://docs.aws.amazon.com/servicecatalog/latest/adminguide/constraints-launch.html).
_BY_A_SERVICE = regex(
    r":assumed-role/[^/\s]+/(?:AWSCloudFormation|AWSCodeBuild-\S*|GlueJobRunnerSession|AWS-Crawler|SageMaker|servicecatalog)(?![\w-])"
)


_ROLE_SET_IN = {
    r"/GlueJobRunnerSession(?![\w-])": "the Glue job",
    r"/AWS-Crawler(?![\w-])": "the crawler",
    r"/AWSCodeBuild-": "the CodeBuild project",
    r"/SageMaker(?![\w-])": "the notebook, job or endpoint",
}
"""Sessions that services create with a role from a resource's settings. The value is the resource that sets the role.

Glue, "Job" (https://docs.aws.amazon.com/glue/latest/dg/aws-glue-api-jobs-job.html), Role; CodeBuild, "Create a build
project" (https://docs.aws.amazon.com/codebuild/latest/userguide/create-project.html), service role.
"""


_STARTS = regex(
    r"\bEMR step failed\b|\[FAILED\] from custom resource|ResourceInitializationError|CannotPull(?:ECR)?Container"
    r"|execution resource retrieval failed"
)
