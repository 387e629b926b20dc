"""Messages of AWS Lambda: roles, networks, code, container images, function URLs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, of_codes, row
from diagnostics.who import Who
from iam.claims import Ground

_API = "https://docs.aws.amazon.com"
_DOCS = "https://docs.aws.amazon.com"
_LAMBDA = f"{_DOCS}/lambda/latest/dg"

LAMBDA_NETWORK_AND_FILE_SYSTEMS: tuple[ServiceSentence, ...] = (
    of_codes(
        "EC2AccessDeniedException",
        "the function's execution role",
        "the function's execution role is not allowed to set up its network interface",
        "Lambda is not allowed to set up the function's network interface with its execution role.",
        "Attach AWSLambdaVPCAccessExecutionRole to the function's execution role. A Deny on EC2's network interfaces "
        "(in an SCP or a policy of the role) has the same effect.",
        f"{_API}/lambda/latest/api/API_Invoke.html",
        check="aws lambda get-function-configuration --function-name FUNCTION --query Role",
    ),
    of_codes(
        "EFSMountFailure S3FilesMountFailure",
        "the function's execution role",
        "the function could not mount its file system",
        "The function could not mount its file system: a permission is missing, or its configuration is wrong.",
        "Allow the execution role to perform elasticfilesystem:ClientMount and ClientWrite on the file system (S3 "
        "Files: s3files:ClientMount, s3files:ClientWrite). Then check the file system's policy, and the access point's "
        "user, path and mode.",
        f"{_API}/lambda/latest/api/API_Invoke.html",
        check="aws lambda get-function-configuration --function-name FUNCTION --query '[Role,FileSystemConfigs]'",
    ),
)  # fmt: skip

LAMBDA_CODE_AND_POLICIES: tuple[ServiceSentence, ...] = (
    of_codes(
        "CodeVerificationFailed",
        "Lambda's code signing",
        "the code is not signed as the function's code signing configuration requires",
        "The function's code signing configuration blocks this code: it is not signed by an allowed signing profile, "
        "or the signature has expired or was revoked. No IAM permission is missing.",
        "Sign the package (and each layer) with AWS Signer and a signing profile that the configuration allows, and "
        "deploy the signed object. An administrator can also set the configuration's policy to Warn instead of "
        "Enforce.",
        f"{_LAMBDA}/configuration-codesigning.html",
        check="aws lambda get-function-code-signing-config --function-name FUNCTION",
        who=Who.RESOURCE_OWNER,
        refuses=False,
    ),
    of_codes(
        "InvalidCodeSignatureException",
        "Lambda's code signing",
        "the code was changed after it was signed",
        "The package was changed after it was signed: sign it again, and deploy exactly the signed object. Lambda "
        "blocks a changed package even if the policy is Warn.",
        "Do not unpack, rename or add files after signing. No IAM permission is missing.",
        f"{_LAMBDA}/configuration-codesigning.html",
        who=Who.CALLER,
        refuses=False,
    ),
    row(
        "publicpolicyexception",
        r"\bPublicPolicyException\b(?![^\x1e]{0,400}\bsecret\b)",
        "Lambda",
        "the statement would make the function public, which is blocked",
        "The statement would give everybody access to the function, and public access is blocked here: name the "
        "principal, or limit the statement with a condition.",
        UsualCause(
            "Name the account, role or service (with aws:SourceArn or aws:SourceAccount) instead of *. No permission "
            "of the caller is missing.",
            None,
            Who.CALLER,
        ),
        page=f"{_DOCS}/lambda/latest/api/API_AddPermission.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "the revisionid provided does not match",
        r"RevisionId provided does not match the latest RevisionId",
        "the caller, with an old RevisionId",
        "somebody changed the function or its policy in between",
        "Somebody changed the function or its policy since the RevisionId was read: read the RevisionId again, and "
        "repeat the call. No permission is missing.",
        UsualCause("For AddPermission and RemovePermission the ID comes from aws lambda get-policy, for other calls "
                   "from get-function or get-alias.", "aws lambda get-policy --function-name FUNCTION --query "
                                                      "RevisionId",
                   Who.CALLER),
        page=f"{_DOCS}/lambda/latest/api/API_AddPermission.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip

LAMBDA_CODE_IN_S3: tuple[ServiceSentence, ...] = (
    # AWS Lambda API Reference, "UpdateFunctionCode": the code's object is read with the caller's credentials.
    row(
        "your access has been denied by s3",
        r"Your access has been denied by S3, please make sure your request credentials have permission to "
        r"(?P<call>Get\w+) for (?P<path>[\w./+=@-]+?)\.(?=\s|$)",
        "the caller",
        "S3 does not let the caller perform {call} on {path}",
        "Lambda accepted the call, but could not read the code {path} in S3. Lambda reads the code with the caller's "
        "permissions (s3:{call}), not with the function's role.",
        # Customizations for AWS Control Tower's own assets: a Region's bucket has only what was published for it.
        UsualCause("Check the Regions that the solution's release supports, and deploy it in one of these, or with a "
                   "later release. The bucket belongs to the solution's publisher.",
                   None, Who.CALLER,
                   shown_by=r"\A(?=[\s\S]*\b(?:solution|CfCT|landing zone|quick ?start|accelerator|same template)\b)"
                   r"[\s\S]*?permission to Get\w+ for (?P<bucket>[\w.-]+?-(?P<where>[a-z]{2}-(?:gov-)?[a-z]+-\d))/"
                   r"(?P<folder>[\w.-]+/v\d+(?:\.\d+)+)/",
                   decides="Most likely {folder} is not published for {where}: {bucket} looks like the bucket of the "
                   "solution's publisher, and S3 also refuses access to a missing object. No permission of yours "
                   "changes that."),
        # CodePipeline User Guide, "Create a pipeline that uses resources from another account"
        # (https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-create-cross-account.html); AWS
        # CloudFormation User Guide, "Service role": the stack's calls are made with it.
        UsualCause("The code is an artifact of a pipeline. CloudFormation reads it with the role of the stack (the "
                   "deploy action's RoleArn, in the CDK deploymentRole or cdk-…-cfn-exec-role), not with the action's "
                   "role. Allow that role s3:GetObject on {path} and kms:Decrypt on the artifact bucket's key; if "
                   "that role is in another account, the bucket policy and the key policy must name the role, too.",
                   "aws cloudformation describe-stacks --stack-name STACK --query Stacks[].RoleARN",
                   shown_by=r"permission to Get\w+ for (?=[^\s/]*artifact|codepipeline-|[\w.-]+/[^\s/]{1,40}/"
                   r"(?:Build|Source|Synth|Artifact|App)\w*/\w{7}\b)|\bCfnParametersCode\b", needs_evidence=True),
        UsualCause("Check first that {path} exists: without s3:ListBucket on the bucket, S3 answers 403 instead of "
                   "404. If other objects of the bucket work, compare this object with them (KMS key, tags, owner).",
                   None, Who.CALLER),
        UsualCause("Allow the caller to perform s3:{call} on {path}, and kms:Decrypt if a KMS key encrypts it. The "
                   "policy of another account's bucket must allow the caller, too."),
        page="https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html",
        actions=("s3:GetObject",),
    ),
)  # fmt: skip
