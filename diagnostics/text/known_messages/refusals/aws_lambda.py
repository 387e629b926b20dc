"""Messages of AWS Lambda: roles, networks, code, container images, function URLs."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.lambda_event_sources import (
    EXECUTION_ROLE,
    POLICY_ATTACHED_LATE,
    execution_role,
)
from diagnostics.text.known_messages.refusals.service_sentence import (
    LISTS_FUNCTIONS,
    ServiceSentence,
    UsualCause,
    of_codes,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_API = "https://docs.aws.amazon.com"
_LAMBDA = f"{_API}/lambda/latest/dg"

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
        page=f"{_API}/lambda/latest/api/API_AddPermission.html",
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
        page=f"{_API}/lambda/latest/api/API_AddPermission.html",
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
# A repository's policy whose aws:SourceArn names functions of another Region than the image's. Lambda Developer Guide,
# "Create a Lambda function using a container image": the repository must be in the function's Region
# (https://docs.aws.amazon.com/lambda/latest/dg/images-create.html).
_SOURCE_ARN = r"\baws:sourceArn\b[^\]}]{0,400}?\barn:[\w-]+:lambda:"
_OTHER_REGION = (
    rf"\A(?=[\s\S]*?\d{{12}}\.dkr\.ecr\.(?P<image_region>{REGION_NAME})\.amazonaws\.com)"
    rf"(?=[\s\S]*?{_SOURCE_ARN}(?!(?P=image_region):)(?P<other_region>{REGION_NAME}):)"
    r"(?=[\s\S]*\blambda\.amazonaws\.com\b)"
    rf"(?![\s\S]*{_SOURCE_ARN}(?:(?P=image_region)|[^:\s]*[*?$][^:\s]*):)"
    r"(?![\s\S]*\.dkr\.ecr\.(?!(?P=image_region)\.))"
)

LAMBDA_EXECUTION_ROLES: tuple[ServiceSentence, ...] = (
    execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?EC2",
        "AWSLambdaVPCAccessExecutionRole",
        (
            "ec2:CreateNetworkInterface",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSubnets",
            "ec2:DeleteNetworkInterface",
            "ec2:AssignPrivateIpAddresses",
            "ec2:UnassignPrivateIpAddresses",
        ),
        "in the VPC",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html",
    ),
    row(
        "permissions to call",
        EXECUTION_ROLE + r"\w+ on \w+",
        "the function's execution role",
        "the function's execution role lacks permissions",
        "The function's execution role lacks the action that the text names; whoever deploys does not need this "
        "permission.",
        UsualCause(
            "The function's own execution role lacks the permission; whoever deploys the function does not need this "
            "permission.",
            LISTS_FUNCTIONS,
        ),
        POLICY_ATTACHED_LATE,
        page=f"{_LAMBDA}/lambda-intro-execution-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)

LAMBDA_IMAGES_AND_URLS: tuple[ServiceSentence, ...] = (
    row(
        ("permission to access the ecr image", "permission to access the specified image"),
        r"(?:Lambda|function) does not have permission to access the (?:ECR|specified) image",
        "Lambda, which pulls the image",
        "the repository's policy does not let Lambda pull the image",
        "The ECR repository's policy does not let lambda.amazonaws.com pull the image. Lambda does not use the "
        "function's execution role for that.",
        UsualCause(
            "Correct the Region in aws:SourceArn to {image_region}. The identity that creates the function also "
            "needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on a repository of another account; the "
            "function's execution role does not.",
            None,
            Who.RESOURCE_OWNER,
            shown_by=_OTHER_REGION,
            decides="The repository policy in the text lets Lambda pull only for functions in {other_region} "
            "(aws:SourceArn), but the image, and so the function, is in {image_region}.",
        ),
        UsualCause(
            'Add a statement to the repository\'s policy: Principal {"Service": "lambda.amazonaws.com"}, '
            "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer. For functions of another account add a condition "
            "on aws:sourceArn (arn:aws:lambda:REGION:ACCOUNT:function:*), and let that account pull too. A "
            "statement that names only an account or a role is not enough.",
            None,
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "In the same account, Lambda adds this statement automatically if whoever creates the function is "
            "allowed to perform ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy on the repository. A tool "
            "that manages the repository's policy can remove the statement again."
        ),
        page=f"{_LAMBDA}/images-create.html",
        actions=("ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"),
        cause="resource.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        "function url authorization issues",
        r"Forbidden\. For troubleshooting Function URL authorization issues",
        "the caller of the function URL",
        "the function URL does not allow the caller",
        "The function's resource-based policy does not allow the caller of its URL, or the request is not signed "
        "although the URL's auth type is AWS_IAM. The function's execution role is not the cause.",
        UsualCause(
            "Allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction in the function's resource-based "
            "policy: function URLs created since October 2025 need both. With AWS_IAM, a caller in the "
            "function's account can be allowed both by its own policies instead.",
            "aws lambda list-functions --query 'Functions[].FunctionName'",
            Who.RESOURCE_OWNER,
        ),
        UsualCause(
            "The URL's auth type is AWS_IAM and the request is not signed (SigV4), or its signer's policies "
            "do not allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction. With the auth type NONE, the "
            'policy must allow everybody ("*").',
            None,
            Who.CALLER,
        ),
        page=f"{_LAMBDA}/urls-auth.html",
        actions=("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
    ),
)
