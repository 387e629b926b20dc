"""Answers to pastes of people on call: what may lead, what may not be said, by class of mistake."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from diagnostics.access_denied.evidence.history import _cannot_matter
from diagnostics.diagnosis import Confidence, Diagnosis
from diagnostics.report import to_text
from iam.event import Event
from tests.support.demo.opened import opened
from tests.support.denials.invented import Read, diagnosis_of

SESSION = "arn:aws:sts::111122223333:assumed-role/"
ARN = "arn:aws:iam::111122223333:"
EC2 = "arn:aws:ec2:us-east-1:111122223333:"


@pytest.fixture(scope="module")
def demo() -> Read:
    return opened(None)


def denied(caller: str, action: str, on: str, why: str = "") -> str:
    reason = {"": "", "no": f" because no identity-based policy allows the {action} action"}.get(why, f" with {why}")
    operation = action.partition(":")[2]
    return (
        f"An error occurred (AccessDenied) when calling the {operation} operation: User: {caller} is not authorized "
        f"to perform: {action} on resource: {on}{reason}"
    )


@dataclass(frozen=True)
class Case:
    """A paste, the cause of its verdict, words of the answer, words that it must not have, and what leads."""

    text: str
    cause: str
    said: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    first: str = ""
    sure: bool | None = None


CASES = {
    "another account's bucket is not ruled out unread": Case(
        "Our export to the Shared-Tools bucket (account 444455556666) fails since tonight:\n"
        "An error occurred (AccessDenied) when calling the PutObject operation: Access Denied\n"
        "role: shared-bucket-exporter",
        "unreadable",
        said=("Such a resource may belong to account 444455556666",),
        unsaid=("ruled out: Resource policy", "session session"),
        first="Ask account 444455556666",
    ),
    "a bucket of ours without its name is not ruled out either": Case(
        "An error occurred (AccessDenied) when calling the GetObject operation: Access Denied\nrole lake-etl-glue",
        "unreadable",
        unsaid=("ruled out: Resource policy", "no resource policy is looked up; "),
    ),
    "the ID of a deleted role in the trust decides, whoever called": Case(
        denied(f"{SESSION}scraper/i-1", "sts:AssumeRole", f"{ARN}role/app/metrics-collector"),
        "trust.orphan-principal",
        said=("The account has no role scraper",),
        first="Enter arn:aws:iam::111122223333:role/scraper again",
        sure=False,
    ),
    "a user was never meant by a role's ID": Case(
        denied(f"{ARN}user/nobody-here", "sts:AssumeRole", f"{ARN}role/app/metrics-collector"),
        "principal.not-found",
    ),
    "an SCP that denies everybody decides, whoever called": Case(
        denied(
            f"{SESSION}ops-janitor/x", "cloudtrail:DeleteTrail", "arn:aws:cloudtrail:us-east-1:111122223333:trail/t"
        ),
        "scp.explicit-deny",
        said=("The account has no role ops-janitor",),
        first="Keep the trail",
    ),
    "a change of a queue's policy did not end access to secrets": Case(
        denied(f"{SESSION}orders-ecs-task/1", "secretsmanager:GetSecretValue", "billing-db", "no"),
        "identity.resource-mismatch",
        unsaid=("orders-events of role", "may not be in effect everywhere"),
    ),
    "a policy of S3 did not end access to a queue": Case(
        denied(f"{SESSION}web-frontend-ec2/i-1", "sqs:PurgeQueue", "arn:aws:sqs:us-east-1:111122223333:orders", "no"),
        "identity.no-action",
        unsaid=("made v4 the default",),
    ),
    "of S3's own actions only one that a kept version named": Case(
        denied(f"{SESSION}web-frontend-ec2/i-1", "s3:DeleteBucket", "arn:aws:s3:::harbor-assets", "no"),
        "identity.no-action",
        unsaid=("made v4 the default",),
    ),
    "the boundary stays on": Case(
        denied(
            f"{SESSION}ci-pipeline-builder/b",
            "iam:PutRolePermissionsBoundary",
            f"{ARN}role/ci/ci-pipeline-builder",
            f"an explicit deny in a permissions boundary: {ARN}policy/DeveloperBoundary",
        ),
        "boundary.explicit-deny",
        said=("permissions_boundary = ",),
        unsaid=("ArnNotEquals", "exempt", "Add iam:", "not enough"),
        first="Keep the permissions boundary",
    ),
    "the policy of the boundary is not its bearer's to change": Case(
        denied(
            f"{SESSION}ci-pipeline-builder/b",
            "iam:CreatePolicyVersion",
            f"policy {ARN}policy/DeveloperBoundary",
            "an explicit deny in a permissions boundary",
        ),
        "boundary.explicit-deny",
        unsaid=("ArnNotEquals", "exempt", "not enough"),
        first="Keep the policy DeveloperBoundary",
    ),
    "the trail is not the caller's to stop": Case(
        denied(
            f"{SESSION}break-glass-admin/olga",
            "cloudtrail:StopLogging",
            "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
            "an explicit deny in a service control policy",
        ),
        "scp.explicit-deny",
        unsaid=("ArnNotEquals", "exempt"),
        first="Keep the trail",
    ),
    "another guardrail still has an exception drafted": Case(
        denied(
            f"{ARN}user/carla",
            "iam:GetAccountAuthorizationDetails",
            "*",
            "an explicit deny in an identity-based policy",
        ),
        "identity.explicit-deny",
        said=("to take iam:GetAccountAuthorizationDetails out of statement NoBulkReads", "nothing else newly allowed"),
        unsaid=("ArnNotEquals",),
    ),
    "a log of years ago is told as the past": Case(
        "2021-02-03 04:05:06,789 ERROR upload\n"
        + denied(
            f"{SESSION}legacy-ftp-sync/i-0",
            "s3:PutObject",
            "arn:aws:s3:::harbor-ftp-in/x",
            "an explicit deny in a resource-based policy",
        ),
        "resource.explicit-deny",
        said=("The text dates from 3 February 2021", "denied legacy-ftp-sync"),
        unsaid=("denies legacy-ftp-sync",),
        first="Look at a current error first",
        sure=False,
    ),
    "an old refusal that today's policies show is likely": Case(
        "2023-05-06T07:08:09Z " + denied(f"{SESSION}web-frontend-ec2/i-1", "ec2:CreateTags", "*", "no"),
        "identity.no-action",
        said=("The text dates from 6 May 2023",),
        sure=False,
    ),
    "one of last week is not old": Case(
        "2026-11-14T07:08:09Z " + denied(f"{SESSION}web-frontend-ec2/i-1", "ec2:CreateTags", "*", "no"),
        "identity.no-action",
        unsaid=("may be different today",),
    ),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_leads_and_what_is_not_said(case: Case, demo: Read) -> None:
    found: Diagnosis = diagnosis_of(case.text, demo)
    page = to_text(found)
    assert found.verdict.cause == case.cause, page
    assert [words for words in case.said if words not in page] == [], page
    assert [words for words in case.unsaid if words in page] == [], page
    assert found.fixes[0].title.startswith(case.first), page
    if case.sure is not None:
        assert (found.verdict.confidence is Confidence.CERTAIN) is case.sure


S3 = '{\\"Statement\\": [{\\"Effect\\": \\"Deny\\", \\"Action\\": \\"s3:*\\", \\"Resource\\": \\"*\\"}]}'
ALL = '{\\"Statement\\": [{\\"Effect\\": \\"Deny\\", \\"NotAction\\": \\"iam:*\\", \\"Resource\\": \\"*\\"}]}'


@pytest.mark.parametrize(
    ("name", "role", "document", "cannot"),
    [
        ("PutRolePolicy", "packer", S3, True),
        ("PutRolePolicy", "packer", ALL, False),
        ("PutRolePolicy", "other", ALL, True),
        ("UpdateAssumeRolePolicy", "other", S3, False),
    ],
)
def test_changes_that_cannot_matter(name: str, role: str, document: str, cannot: bool, demo: Read) -> None:
    detail = f'{{"requestParameters": {{"roleName": "{role}", "policyDocument": "{document}"}}}}'
    event = Event(name, demo[0].now, detail=detail)
    assert _cannot_matter(event, "sqs:SendMessage", "packer") is cannot


@pytest.mark.parametrize(
    ("text", "first", "said", "unsaid"),
    [
        (  # the trust names another service account
            "eksctl create iamserviceaccount --cluster h --namespace orders --name api --role-name inventory-irsa\n"
            "Resource of type 'AWS::IAM::Role' with identifier 'inventory-irsa' already exists.",
            "rename",
            "--attach-role-arn",
            "use role inventory-irsa as it is",
        ),
        (  # it names this one
            "eksctl create iamserviceaccount --cluster=h --namespace=inventory --name=inventory-api "
            "--role-name=inventory-irsa\nResource of type 'AWS::IAM::Role' with identifier 'inventory-irsa' already "
            "exists.",
            "adopt: nothing to do",
            "the same: service account",
            "service account stays",
        ),
        (  # the stack is in the way
            'stack "shop-roles" is in ROLLBACK_COMPLETE\n'
            "Resource of type 'AWS::IAM::Role' with identifier 'metrics-collector' already exists.",
            "adopt",
            "Delete the stack shop-roles first",
            "",
        ),
        (  # what was tried and refused is not advised
            "$ aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com\n"
            "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Service role name "
            "AWSServiceRoleForECS has been taken in this account, please try a different suffix.\n"
            "$ aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com --custom-suffix b\n"
            "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Custom suffix is not "
            "allowed for ecs.amazonaws.com",
            "leave role AWSServiceRoleForECS",
            "nothing to create",
            "--custom-suffix 2",
        ),
        (  # and what was not tried is
            "$ aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com\n"
            "An error occurred (InvalidInput) when calling the CreateServiceLinkedRole operation: Service role name "
            "AWSServiceRoleForECS has been taken in this account, please try a different suffix.",
            "leave role AWSServiceRoleForECS",
            "--custom-suffix 2",
            "",
        ),
        (  # a deletion is answered as one
            "$ aws iam delete-role --role-name AWSServiceRoleForECS\nAn error occurred (UnmodifiableEntity): Cannot "
            "perform the operation on the protected role 'AWSServiceRoleForECS' - this role is only modifiable by AWS",
            "First delete the resources",
            "delete-service-linked-role",
            "create a role of your own",
        ),
        (  # a change is answered as one
            "$ aws iam delete-role-policy --role-name AWSServiceRoleForECS\nAn error occurred (UnmodifiableEntity): "
            "Cannot perform the operation on the protected role 'AWSServiceRoleForECS' - this role is only modifiable "
            "by AWS",
            "Leave AWSServiceRoleForECS as it is",
            "only its description",
            "delete-service-linked-role",
        ),
    ],
)
def test_what_the_paste_shows_is_used(text: str, first: str, said: str, unsaid: str, demo: Read) -> None:
    found = diagnosis_of(text, demo)
    page = to_text(found)
    assert found.fixes[0].title.startswith(first) and said in page, page
    assert not unsaid or unsaid not in page, page


@pytest.mark.parametrize(
    ("shell", "region"),
    [
        ("export AWS_DEFAULT_REGION=us-west-2", "us-west-2"),
        ('$env:AWS_REGION = "ap-southeast-1"', "ap-southeast-1"),
        ("AWS_REGION=us-west-2 ./run\nAWS_REGION=eu-west-3 ./run", None),
    ],
)
def test_the_region_of_the_shell_is_the_requests(shell: str, region: str | None, demo: Read) -> None:
    why = f"an explicit deny in an identity-based policy: {ARN}policy/guard-region"
    page = to_text(
        diagnosis_of(f"{shell}\n{denied(f'{SESSION}lake-etl-glue/j', 'cloudwatch:PutMetricData', '*', why)}", demo)
    )
    assert (f"aws:RequestedRegion is {region}" in page) is (region is not None), page
    assert "still denied with this alone: no identity-based policy allows cloudwatch:PutMetricData" in page


@pytest.mark.parametrize(
    ("text", "first", "said", "unsaid"),
    [
        (  # the audience beside the subject is known; the form with IDs is the same repository
            "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
            f"role-to-assume: {ARN}role/ci/gha-plan-readonly\n"
            '"sub": "repo:harbor-demo@77/shop@88:ref:refs/heads/main", "aud": "sts.amazonaws.com"',
            "Let the trust policy of gha-plan-readonly also name the subject repo:harbor-demo@77/shop@88",
            "  1 The repository's tokens have a subject with numeric IDs",
            "Call from",  # GitHub writes the subject: no other place of the caller's would change its form
        ),
        (  # without an audience in the paste it is asked for
            "Error: Could not assume role with OIDC: Not authorized to perform sts:AssumeRoleWithWebIdentity\n"
            f"role-to-assume: {ARN}role/ci/gha-plan-readonly\n"
            '"sub": "repo:harbor-demo@77/shop@88:ref:refs/heads/main"',
            "",
            ":aud is sts.amazonaws.com (unknown here)",
            "",
        ),
        (  # a role of long ago is not one that was made a moment ago
            f"The role defined for the function cannot be assumed by Lambda. Role: {ARN}role/app/invoice-render-lambda",
            "Replace ec2.amazonaws.com by lambda.amazonaws.com",
            "invoice-render-lambda is 12 d old",
            "created a moment ago",
        ),
        (  # the tag that the operator tells is the one to send
            denied(f"{SESSION}project-developer/a", "ec2:StopInstances", f"{EC2}instance/i-1", "no")
            + "\nthe instance has tag project=pier",
            "Assume project-developer with the session tag project=pier",
            "Value=pier",
            "VALUE",
        ),
        (  # and one that it lacks is not
            denied(f"{SESSION}project-developer/a", "ec2:StopInstances", f"{EC2}instance/i-1", "no")
            + "\nthe instance has no tag project=pier",
            "Assume project-developer",
            "VALUE",
            "project=pier",
        ),
        (  # a key that works with another endpoint is neither deleted nor inactive
            "An error occurred (InvalidAccessKeyId) when calling the PutObject operation: The AWS Access Key Id you "
            "provided does not exist in our records. (aws s3 cp a s3://b --region cn-northwest-1)\n"
            f'$ aws sts get-caller-identity --query Arn\n"{ARN}user/ci-legacy"',
            "Use keys",
            "cn-northwest-1 is in a separate partition",
            "deleted, inactive",
        ),
    ],
)
def test_causes_that_the_paste_refutes_are_struck(text: str, first: str, said: str, unsaid: str, demo: Read) -> None:
    found = diagnosis_of(text, demo)
    page = to_text(found)
    assert found.fixes[0].title.startswith(first) and said in page, page
    assert not unsaid or unsaid not in page, page
