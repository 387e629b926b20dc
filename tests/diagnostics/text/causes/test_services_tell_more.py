"""What the text around a denial says of functions, boundaries, sessions, grants, tags and public settings is used."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import causes_in

BOUNDARY = "arn:aws:iam::444455556666:policy/team-boundary"
NO_BOUNDARY = (
    "User: arn:aws:sts::444455556666:assumed-role/team/kc is not authorized to perform: iam:DeleteUser on resource: "
    "arn:aws:iam::444455556666:user/x because no permissions boundary allows the iam:DeleteUser action\n"
)
NEW_ROLE = NO_BOUNDARY.replace("DeleteUser", "CreateRole")
BY_TOKEN = (
    "User: arn:aws:sts::444455556666:assumed-role/app/run is not authorized to perform: bedrock:Rerank because no "
    "identity-based policy allows the bedrock:Rerank action\nThe program calls AssumeRoleWithWebIdentity."
)
IN_LAKE = (
    "An error occurred (AccessDeniedException) when calling the GetTable operation: Insufficient Lake Formation "
    "permission(s) on orders\n"
)
TAGS = "Encountered a permissions error performing a tagging operation, please add required tag permissions.\n"
DENIED = '{"errorMessage": "An error occurred (AccessDenied) when calling the %s operation: Access Denied"}\n'
LISTS = (
    "User: arn:aws:iam::444455556666:user/ana is not authorized to perform: iam:%s because no identity-based policy "
    "allows the iam:%s action\n"
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        # A function's own code was refused.
        ('"StatusCode": 200, "FunctionError": "Unhandled"\n' + DENIED % "GetObject",
         "lambda:InvokeFunction is not missing"),
        (DENIED % "PutItem" + 'File "/var/task/app.py", line 3, in handler', "allows PutItem on the resource"),
        ("    at handler (/var/task/index.js:7:3)\n" + DENIED % "SendMessage", "function's execution role"),
        ('{"errorMessage": "Access Denied", "errorType": "AccessDenied", "stackTrace": ["Request.extractError '
         '(/var/runtime/node_modules/aws-sdk/lib/services/s3.js:539:35)"]}', "allows the call of the stack trace"),
        # The boundary is named.
        (NO_BOUNDARY + f'"PermissionsBoundaryArn": "{BOUNDARY}"', f"boundary of team is {BOUNDARY}"),
        (NO_BOUNDARY + f"permissions_boundary = \"{BOUNDARY}\"", f"boundary of team is {BOUNDARY}"),
        (f"{NO_BOUNDARY}$ aws iam get-role --role-name team --query Role.PermissionsBoundary.PermissionsBoundaryArn "
         f"--output text\n{BOUNDARY}", f"boundary of team is {BOUNDARY}"),
        (f"{NEW_ROLE}$ aws iam get-role --role-name team --output text --query "
         f"Role.PermissionsBoundary.PermissionsBoundaryArn\n{BOUNDARY}", "only if the new role gets"),
        (NEW_ROLE.replace("Role", "User"), "If the boundary lacks the action, ask the boundary's owner"),
        (NO_BOUNDARY + f"--permissions-boundary {BOUNDARY}", "Ask that policy's owner to add the action"),
        # The role is said to have it, and a program made the session.
        (BY_TOKEN + " It fails although the role has the Bedrock permissions.",
         "a second Allow in the role does not help"),
        (BY_TOKEN + " But the role allows bedrock:*.", "First check whether app really allows bedrock:Rerank"),
        # Lake Formation: whose grant counts.
        (IN_LAKE + "dbt in MWAA; the Glue role has been given SELECT", "environment's execution role"),
        (IN_LAKE + "we granted the role admin all of it", "CloudTrail's event of GetTable"),
        (IN_LAKE, "CloudTrail's event of GetTable names the caller"),
        # Tags of a stack, by the kind of resource.
        (TAGS + "AWS::SQS::Queue Jobs", "sqs:TagQueue (and sqs:UntagQueue"),
        (TAGS + "the CloudWatch composite alarm", "cloudwatch:TagResource"),
        (TAGS + "AWS::Logs::LogGroup: not authorized to perform: logs:TagResource on x", "logs:TagResource (and"),
        (TAGS + "AWS::IAM::Role App. Retrying request without including tags.", "this is only a warning"),
        # Public settings.
        ("a bucket policy for public read\ncreate failed AWS::S3::BucketPolicy UI Resource handler returned message: "
         '"Access Denied (Service: S3, Status Code: 403, Request ID: X"',
         "Most likely Block Public Access refuses the public policy"),
        ("CREATE_FAILED | AWS::S3::BucketPolicy | API: s3:PutBucketPolicy Access Denied\npublicReadAccess: true",
         "origin access control"),
        ("Error: putting S3 Bucket (docs) Policy: operation error S3: PutBucketPolicy, https response error "
         "StatusCode: "
         '403, api error AccessDenied: Access Denied\nPrincipal = "*"', "turn off BlockPublicPolicy"),
        ("An error occurred (AccessDenied) when calling the PutBucketPolicy operation: Access Denied\n"
         "bucket.grantPublicAccess()", "Block Public Access refuses the public policy"),
        # The page that launches instances.
        (LISTS % (("ListInstanceProfiles",) * 2) + "in the EC2 console, to choose an instance profile", "iam:PassRole"),
        (LISTS % (("ListRoles",) * 2) + "launch wizard: pick the instance profile",
         "the launch itself was not refused"),
        ("Access Denied trying to call AWS Backup service\n\"SourceBackupVaultArn\": \"arn:aws:backup:eu-west-1:"
         "111122223333:backup-vault:a\",\n\"DestinationBackupVaultArn\": \"arn:aws:backup:eu-west-1:444455556666:"
         "backup-vault:b\"", "In account 444455556666, let the access policy of"),
        ("Access Denied trying to call AWS Backup service\ninto arn:aws:backup:eu-west-1:444455556666:backup-vault:b",
         "In account 444455556666, let the access policy of"),
        ('"ERROR_CODE": {"StringValue": "NO_PERMISSIONS"},\n"TARGET_ARN": {"StringValue": "arn:aws:events:eu-west-1:'
         '444455556666:event-bus/central"}', "let the policy of arn:aws:events:eu-west-1:444455556666:event-bus/cen"),
        ("ERROR_CODE=NO_PERMISSIONS TARGET_ARN=arn:aws:events:eu-west-1:444455556666:event-bus/central",
         "is allowed to perform events:PutEvents on that bus"),
        ('"DeliverLogsErrorMessage": "Access error", "LogDestinationType": "s3"', "uses no role"),
        ('"DeliverLogsErrorMessage": "Access error"\nno object arrives in the bucket', "kms:GenerateDataKey*"),
    ],
)  # fmt: skip
def test_what_the_text_says_is_used(text: str, said: str) -> None:
    assert said in causes_in(text)


@pytest.mark.parametrize(
    ("text", "absent"),
    [
        (DENIED % "GetObject", "Lambda function was refused"),
        ("An error occurred (AccessDeniedException) when calling the Invoke operation: not allowed\n/var/task/app.py",
         "code of the Lambda function was refused"),
        (NO_BOUNDARY, "boundary of team is"),
        (NO_BOUNDARY, "only if the new"),
        (f"{NO_BOUNDARY}$ aws iam get-role --role-name other --query Role.PermissionsBoundary.PermissionsBoundaryArn "
         f"--output text\n{BOUNDARY}", "boundary of team is"),
        (NO_BOUNDARY.replace("DeleteUser", "CreateUser") + f"--permissions-boundary {BOUNDARY}", "boundary of team is"),
        (NO_BOUNDARY + f"permissions_boundary = \"{BOUNDARY}\"\npermissions_boundary = \"{BOUNDARY}-two\"",
         "boundary of team is"),
        (BY_TOKEN, "a second Allow"),
        (BY_TOKEN + " The role has no permissions yet.", "a second Allow"),
        (IN_LAKE, "Most likely the grant is for a different principal"),
        (TAGS, "sqs:TagQueue"),
        ("An error occurred (AccessDenied) when calling the PutBucketPolicy operation: Access Denied\n"
         "publicReadAccess: false", "BlockPublicPolicy"),
        (LISTS % (("ListRoles",) * 2), "launch itself"),
        (f"{TAGS}{BY_TOKEN.replace('bedrock:Rerank', 'iam:UntagRole')}", "often TagResource"),
        ("Access Denied trying to call AWS Backup service\n\"SourceBackupVaultArn\": \"arn:aws:backup:eu-west-1:"
         "111122223333:backup-vault:a\",\n\"DestinationBackupVaultArn\": \"arn:aws:backup:eu-west-1:444455556666:"
         "backup-vault:b\"", "In account 111122223333"),
        ('"ERROR_CODE": {"StringValue": "NO_PERMISSIONS"},\n"TARGET_ARN": {"StringValue": "arn:aws:sqs:eu-west-1:'
         '444455556666:q"}', "event-bus"),
        ('"DeliverLogsErrorMessage": "Access error", "LogDestinationType": "cloud-watch-logs"', "uses no role"),
        (f"{TAGS}AWS::Logs::LogGroup: not authorized to perform: logs:ListTagsForResource on x", "logs:TagResource"),
        ("An error occurred (AccessDeniedException) when calling the DeleteRecoveryPoint operation: Insufficient "
         "privileges to perform this action.\nMade by hand in AWS Backup", "AWSBackupServiceRolePolicy"),
    ],
)  # fmt: skip
def test_and_nothing_is_made_up(text: str, absent: str) -> None:
    assert absent not in causes_in(text)
