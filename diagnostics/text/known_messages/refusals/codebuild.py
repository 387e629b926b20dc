"""Messages of AWS CodeBuild about its role, credentials and build images."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, row
from diagnostics.who import Who
from iam.claims import Ground

_DOCS = "https://docs.aws.amazon.com"
_BUILD = f"{_DOCS}/codebuild/latest/userguide"
_BUILD_FAILS = f"{_BUILD}/troubleshooting.html"
_VPC_PROJECT = f"{_DOCS}/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html"
_PROJECT = "aws codebuild batch-get-projects --names PROJECT"

CODEBUILD_ROLE: tuple[ServiceSentence, ...] = (
    row(
        "unable to download certificate from s3",
        r"Unable to download certificate from S3",
        "the build project's service role",
        "the build cannot read the certificate that the project names",
        "The build cannot read the certificate that the project installs from S3: the bucket or object key in the "
        "project is wrong, or the project's service role is not allowed to read the object.",
        UsualCause("Compare “Bucket of certificate” and “Object key of certificate” in the project with the bucket: S3 "
                   "answers AccessDenied for a missing object, too.", _PROJECT, Who.CALLER),
        UsualCause("Allow the project's service role s3:GetObject on that object, and kms:Decrypt if a KMS key "
                   "encrypts it. Whoever starts the build does not need this permission."),
        page=_BUILD_FAILS,
        actions=("s3:GetObject",),
    ),
    row(
        "bucket owner for the report group",
        r"bucket owner for the report group does not match the owner of the S3 bucket",
        "the report group, or the build project's service role",
        "the bucket of the test reports has a different owner from the one in the report group",
        "The report group names the wrong account as owner of its bucket: set the bucket's real owner in the report "
        "group.",
        UsualCause("Set bucketOwner of the report group's S3 export to the account that owns the bucket (aws codebuild "
                   "update-report-group).", "aws codebuild list-report-groups", Who.RESOURCE_OWNER),
        UsualCause("Allow the project's service role to write to the bucket (s3:PutObject); the policy of another "
                   "account's bucket must allow this role, too."),
        page=_BUILD_FAILS,
    ),
    row(
        "unable to verify jobworker identity",
        r"Unable to verify JobWorker identity",
        "the role that opens the console",
        "the role has the reserved tag jobId",
        "The role that opens the CodeBuild console has a tag with the key jobId, which CodeBuild reserves. Rename that "
        "tag key. No permission is missing.",
        UsualCause("Give the tag a different key, such as jobIdentifier: aws iam tag-role, then aws iam untag-role "
                   "--tag-keys jobId.", "aws iam list-role-tags --role-name ROLE"),
        page=_BUILD_FAILS,
        cause="not-iam",
        ground=Ground.STATED,
    ),
    row(
        "unexpected ec2 error: unauthorizedoperation",
        r"Unexpected EC2 error: UnauthorizedOperation",
        "the build project's service role",
        "the build project's service role lacks EC2 permissions for the VPC",
        "The build project's service role lacks EC2 permissions that a build in a VPC needs; whoever starts the build "
        "does not need them.",
        UsualCause("Compare the subnets in the condition ec2:Subnet with those of the project, and add the missing "
                   "subnets. A build is refused only when it gets a subnet that is not in the condition.", _PROJECT,
                   shown_by=r"ec2:CreateNetworkInterfacePermission[\s\S]{0,800}?ec2:Subnet\b",
                   decides=(
                       "The service role has ec2:CreateNetworkInterfacePermission only for the subnets of a condition "
                       "(ec2:Subnet): most likely the project uses another subnet. Compare both lists."
                   )),
        UsualCause("Allow the project's service role ec2:CreateNetworkInterface, ec2:DescribeDhcpOptions, "
                   "ec2:DescribeNetworkInterfaces, ec2:DeleteNetworkInterface, ec2:DescribeSubnets, "
                   "ec2:DescribeSecurityGroups and ec2:DescribeVpcs on *, and ec2:CreateNetworkInterfacePermission on "
                   "network-interface/* with ec2:AuthorizedService = codebuild.amazonaws.com and the project's "
                   "subnets.",
                   _PROJECT,
                   needs=("ec2:CreateNetworkInterface", "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces",
                          "ec2:DeleteNetworkInterface", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups",
                          "ec2:DescribeVpcs", "ec2:CreateNetworkInterfacePermission")),
        page=f"{_BUILD}/auth-and-access-control-iam-identity-based-access-control.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip

CODEBUILD_PARAMETERS_AND_TOKENS: tuple[ServiceSentence, ...] = (
    # AWS CodeBuild User Guide, "Builds might fail when getting parameters from Amazon EC2 Parameter Store".
    row(
        "parameter does not exist",
        r"(?:DOWNLOAD_SOURCE|CodeBuild|\bbuildspec\b)[\s\S]{0,400}?Parameter does not exist"
        r"|Parameter does not exist(?=[\s\S]{0,400}?(?:\bCodeBuild\b|\bbuildspec\b|DOWNLOAD_SOURCE))",
        "the build project's service role",
        "the build gets no such parameter",
        "The build's service role is not allowed to perform ssm:GetParameters on this parameter, or no parameter has "
        "that name in the build's Region. The message is the same in both cases.",
        UsualCause("Compare the name with its leading slash, and the Region: aws ssm get-parameter --name NAME.", None,
                   Who.CALLER),
        UsualCause("Allow the service role ssm:GetParameters (with the s) on the parameter: a role that CodeBuild "
                   "created covers only /CodeBuild/*. A SecureString with a customer managed key also needs "
                   "kms:Decrypt.",
                   "aws codebuild batch-get-projects --names PROJECT --query 'projects[].serviceRole'"),
        page=f"{_DOCS}/codebuild/latest/userguide/troubleshooting.html",
        actions=("ssm:GetParameters",),
    ),
    row(
        "access token not found in codebuild project",
        r"Access token not found in CodeBuild project",
        "CodeBuild, which has no credentials for the source provider",
        "CodeBuild has no credentials for the source provider in this Region",
        "A webhook needs credentials for the source provider, and CodeBuild has none in this account and Region: "
        "import them first. No IAM permission is missing.",
        UsualCause("Run aws codebuild import-source-credentials (a token), or connect the provider once in the "
                   "console or with a connection of CodeConnections, in the Region of the project.",
                   "aws codebuild list-source-credentials", Who.RESOURCE_OWNER),
        page=f"{_DOCS}/codebuild/latest/userguide/access-tokens.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
)  # fmt: skip

CODEBUILD_CONSOLE_IMAGES_AND_BUCKETS: tuple[ServiceSentence, ...] = (
    row(
        "enhanced zero click role creation",
        r"policy's default version was not created by enhanced zero click role creation",
        "CodeBuild's console, which changes the service role",
        "the console cannot change the policy of the service role",
        "CodeBuild's console tries to change the policy of the service role, but somebody has edited that policy. No "
        "permission of the caller is missing.",
        UsualCause("Each time you edit the project, clear “Allow CodeBuild to modify this service role so it can be "
                   "used with this build project”. Then check that the role's own policies are sufficient, or choose "
                   "a new service role.",
                   None, Who.CALLER),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        cause="not-iam",
        ground=Ground.STATED,
    ),
    # The actions and the other account's image: CodeBuild User Guide, "Amazon ECR sample"
    # (https://docs.aws.amazon.com/codebuild/latest/userguide/sample-ecr.html).
    row(
        "build_container_unable_to_pull_image",
        r"BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE(?=[\s\S]{0,600}\.dkr\.ecr\.)|\.dkr\.ecr\.[\s\S]{0,600}?BUILD_CONTAINER_UNABLE_TO_PULL_IMAGE",
        "CodeBuild, which pulls the build image",
        "CodeBuild cannot pull the build image from ECR",
        "CodeBuild cannot pull the build image from ECR: start with the repository's policy and the project's image "
        "credentials, not with the caller.",
        UsualCause("In the repository's policy, allow the principal codebuild.amazonaws.com these actions: "
                   "ecr:GetDownloadUrlForLayer, ecr:BatchGetImage and ecr:BatchCheckLayerAvailability. Or let the "
                   "project pull with its service role (imagePullCredentialsType: SERVICE_ROLE), which then needs "
                   "these actions and ecr:GetAuthorizationToken. For another account's image, only the service role "
                   "works.",
                   "aws codebuild list-projects", Who.RESOURCE_OWNER),
        UsualCause("The image does not exist in this Region, or is larger than the disk of the compute type.", None,
                   Who.CALLER),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
    ),
    row(
        "error calling getbucketacl",
        r"Error calling GetBucketAcl: Either the bucket owner has changed or the service role",
        "the build project's service role",
        "the bucket has a different owner, or the service role lacks s3:GetBucketAcl",
        "CodeBuild checks who owns the bucket: the bucket has a different owner now, or the project's service role "
        "lacks s3:GetBucketAcl and s3:GetBucketLocation.",
        UsualCause("Check that the bucket is still yours (if a bucket is deleted, somebody else can create one with "
                   "its name). Then allow the service role to perform s3:GetBucketAcl and s3:GetBucketLocation on it.",
                   "aws codebuild list-projects"),
        page="https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html",
        actions=("s3:GetBucketAcl", "s3:GetBucketLocation"),
    ),
)  # fmt: skip

CODEBUILD_VPC: tuple[ServiceSentence, ...] = (
    row(
        "not authorized to perform describe",
        r"Not authorized to perform (?:DescribeSecurityGroups|DescribeSubnets|DescribeVpcs|DescribeDhcpOptions"
        r"|DescribeNetworkInterfaces)\b",
        "the service role of the CodeBuild project",
        "the project's service role lacks EC2 permissions",
        "CodeBuild makes this call with the project's service role, not with the caller: allow that role the EC2 "
        "actions of a project in a VPC.",
        UsualCause("The service role needs ec2:DescribeSecurityGroups, DescribeSubnets, DescribeVpcs, "
                   "DescribeDhcpOptions, DescribeNetworkInterfaces, CreateNetworkInterface and DeleteNetworkInterface "
                   "on *, and ec2:CreateNetworkInterfacePermission with ec2:AuthorizedService = "
                   "codebuild.amazonaws.com. If a template creates the policy and the project together, let the "
                   "project depend on the policy.",
                   needs=("ec2:DescribeSecurityGroups", "ec2:DescribeSubnets", "ec2:DescribeVpcs",
                          "ec2:DescribeDhcpOptions", "ec2:DescribeNetworkInterfaces", "ec2:CreateNetworkInterface",
                          "ec2:DeleteNetworkInterface", "ec2:CreateNetworkInterfacePermission")),
        # The message: https://github.com/aws/aws-cdk/issues/2652.
        page=_VPC_PROJECT,
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)  # fmt: skip
