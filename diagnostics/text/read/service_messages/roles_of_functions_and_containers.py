"""Sentences about functions, containers, clusters and instances, and the roles that they use."""

from __future__ import annotations

from diagnostics.text.read.service_messages.service_sentence import (
    KARPENTER,
    LISTS_FUNCTIONS,
    OwnRequest,
    ServiceSentence,
    UsualCause,
    assumed_by,
    lacking,
    row,
)
from diagnostics.who import Who
from iam.claims import Ground
from iam.regions import REGION_NAME

_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"
_EXECUTION_ROLE = (
    r"(?:execution role|role defined for the function) do(?:es)?(?: not|n't) have (?:the )?permissions? to call "
)
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
_KINESIS = (
    *("kinesis:DescribeStream", "kinesis:DescribeStreamSummary", "kinesis:GetRecords", "kinesis:GetShardIterator"),
    "kinesis:ListShards",
)
_DYNAMODB = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams")
_FOR_VOLUMES = "kms:Decrypt, kms:GenerateDataKeyWithoutPlaintext, kms:DescribeKey, kms:ReEncrypt* and kms:CreateGrant"
_KEY_OF_CLASS = r"\bkmsKeyId[\"']?\s*[:=]\s*[\"']?(?P<key>(?:arn:[\w-]+:kms:|alias/|mrk-|[0-9a-f]{8}-)[\w:/-]*\w)"
_LATE = UsualCause(
    "The policy is attached only after the function or the mapping is created, or it was attached a moment ago: make "
    "the mapping depend on the attachment, and try again.",
    None,
    Who.CALLER,
)


def _execution_role(
    signal: str, call: str, policy: str, actions: tuple[str, ...], on: str, page: str
) -> ServiceSentence:
    """Return the table row for the error that Lambda returns if the function's role fails its check."""
    return lacking(
        signal,
        _EXECUTION_ROLE + call,
        "the function's execution role",
        actions,
        UsualCause(
            f"The function's own execution role lacks the actions {on} (whoever deploys does not need them): "
            f"attach {policy} to the role, or allow {', '.join(actions)}.",
            LISTS_FUNCTIONS,
        ),
        UsualCause(
            f"The text attaches {policy} to the role, so most likely the function is created before that attachment, "
            "or seconds after it: let the function or mapping depend on it (depends_on, DependsOn), and try again.",
            None,
            Who.CALLER,
            shown_by=rf"\A(?![\s\S]*\b(?:depends_on\b[^\]]{{0,200}}policy_attachment|DependsOn\b))[\s\S]*?"
            rf"(?:aws_iam_(?:role_)?policy_attachment\b[\s\S]{{0,300}}?\b{policy}\b|\b{policy}\b[^\n]{{0,80}}\battached\b"
            rf"|\battached\b[^\n]{{0,80}}\b{policy}\b)",
            decides=f"The text attaches {policy} to the function's execution role: most likely that happens only after "
            "the function is created. Let the function depend on the attachment, and try again.",
        ),
        _LATE,
        page=page if page.startswith("https:") else f"{_LAMBDA}/{page}",
        on=on,
    )


# Karpenter's AWS provider, pkg/controllers/nodeclass/validation.go: EC2 refused a dry run, in whatever layer.
def _karpenter(operation: str) -> ServiceSentence:
    return row(
        ("controller isn't authorized to call", f"{operation.lower()}authcheckfailed"),
        rf"Controller isn't authorized to call (?:ec2:)?{operation}\b|{operation}AuthCheckFailed",
        "Karpenter's controller",
        f"EC2 refused the controller's dry run of {operation}",
        f"EC2 refused the dry run of {operation} that Karpenter's controller made with its role. Karpenter does not "
        "say which kind of policy refused it: look at the event in CloudTrail.",
        UsualCause(
            "The controller's policy belongs to another Karpenter version: use the policy of the installed "
            "version. The policy's conditions on request tags must match the tags that this version sends "
            f"with {operation}."
        ),
        UsualCause(
            "A service control policy denies this call, for example to all callers except AWS services: the dry run is "
            "the controller's own call.",
            f"aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue={operation}",
            Who.CALLER,
        ),
        page=KARPENTER,
        actions=(f"ec2:{operation}",),
    )


COMPUTE: tuple[ServiceSentence, ...] = (
    row(
        "instance management role is not configured",
        r"Systems Manager's instance management role is not configured for account",
        "the instance",
        "the instance has no role for Systems Manager",
        "The instance has no role for Systems Manager: neither an instance profile, nor the account's default role in "
        "this Region.",
        UsualCause("Attach an instance profile whose role has AmazonSSMManagedInstanceCore, or turn on Default Host "
                   "Management Configuration in this Region. Allowing this action in a policy does not help.",
                   "aws ssm get-service-setting --setting-id "
                   "/ssm/managed-instance/default-ec2-instance-management-role"),
        page="https://docs.aws.amazon.com/systems-manager/latest/userguide/fleet-manager-default-host-management-configuration.html",
        cause="instance-profile.missing",
    ),
    _execution_role(
        "permissions to call",
        r"(?:ReceiveMessage|DeleteMessage|GetQueueAttributes) on (?:AWS |Amazon )?SQS",
        "AWSLambdaSQSQueueExecutionRole",
        ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"),
        "on the queue",
        "services-sqs-configure.html",
    ),
    _execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?Kinesis",
        "AWSLambdaKinesisExecutionRole",
        _KINESIS,
        "on the stream",
        "with-kinesis.html",
    ),
    _execution_role(
        "permissions to call",
        r"(?:GetRecords|GetShardIterator|DescribeStream|ListStreams) on (?:AWS |Amazon )?DynamoDB",
        "AWSLambdaDynamoDBExecutionRole",
        _DYNAMODB,
        "on the table's stream",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaDynamoDBExecutionRole.html",
    ),
    _execution_role(
        "permissions to call",
        r"\w+ on (?:AWS |Amazon )?EC2",
        "AWSLambdaVPCAccessExecutionRole",
        ("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets",
         "ec2:DeleteNetworkInterface", "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses"),
        "in the VPC",
        "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaVPCAccessExecutionRole.html",
    ),
    row(
        "permissions to call",
        _EXECUTION_ROLE + r"\w+ on \w+",
        "the function's execution role",
        "the function's execution role lacks permissions",
        "The function's execution role lacks the action that the text names; whoever deploys does not need this "
        "permission.",
        UsualCause(
            "The function's own execution role lacks the permission; whoever deploys the function does not need this "
            "permission.",
            LISTS_FUNCTIONS,
        ),
        _LATE,
        page=f"{_LAMBDA}/lambda-intro-execution-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    *(
        lacking(
            "please ensure the role can perform",
            rf"Cannot access stream (?P<resource>arn:[\w-]+:{service}:\S+?)\.? Please ensure the role can perform",
            "the function's execution role",
            actions,
            UsualCause(f"The function's own execution role lacks the actions on the stream{part} (whoever deploys does "
                       f"not need them): {policy} contains them.", LISTS_FUNCTIONS),
            UsualCause(f"The text mentions {meant}, but the ARN belongs to another kind of stream. If the ARN is "
                       "wrong, give the mapping the right ARN: its role has permissions on that stream. If the ARN "
                       "is right, allow the role the actions on this stream.", None, Who.CALLER, shown_by=says,
                       decides=(
                           f"The text speaks of {meant}, but the ARN is that of another kind of stream: check the ARN "
                           "first. If the ARN is right, the function's execution role lacks permissions on the stream."
                       )),
            _LATE,
            page=f"{_LAMBDA}/{page}",
            on="on the stream",
        )
        for service, policy, page, part, actions, meant, says in (
            ("kinesis", "AWSLambdaKinesisExecutionRole", "with-kinesis.html", "", _KINESIS, "DynamoDB's streams",
             r"\bDynamoDB (?:type|streams?|event|trigger|replication)\b|\bDDBEvent\b"),
            ("dynamodb", "AWSLambdaDynamoDBExecutionRole", "with-ddb.html", " (table/NAME/stream/*)", _DYNAMODB,
             "Kinesis's streams", r"\bKinesis (?:type|(?:data )?streams?|event|trigger)\b"),
        )
    ),
    row(
        ("permission to access the ecr image", "permission to access the specified image"),
        r"(?:Lambda|function) does not have permission to access the (?:ECR|specified) image",
        "Lambda, which pulls the image",
        "the repository's policy does not let Lambda pull the image",
        "The ECR repository's policy does not let lambda.amazonaws.com pull the image. Lambda does not use the "
        "function's execution role for that.",
        UsualCause("Correct the Region in aws:SourceArn to {image_region}. The identity that creates the function also "
                   "needs ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on a repository of another account; the "
                   "function's execution role does not.", None, Who.RESOURCE_OWNER, shown_by=_OTHER_REGION,
                   decides="The repository policy in the text lets Lambda pull only for functions in {other_region} "
                   "(aws:SourceArn), but the image, and so the function, is in {image_region}."),
        UsualCause("Add a statement to the repository's policy: Principal {\"Service\": \"lambda.amazonaws.com\"}, "
                   "ecr:BatchGetImage and ecr:GetDownloadUrlForLayer. For functions of another account add a condition "
                   "on aws:sourceArn (arn:aws:lambda:REGION:ACCOUNT:function:*), and let that account pull too. A "
                   "statement that names only an account or a role is not enough.", None, Who.RESOURCE_OWNER),
        UsualCause("In the same account, Lambda adds this statement automatically if whoever creates the function is "
                   "allowed to perform ecr:GetRepositoryPolicy and ecr:SetRepositoryPolicy on the repository. A tool "
                   "that manages the repository's policy can remove the statement again."),
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
        UsualCause("Allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction in the function's resource-based "
                   "policy: function URLs created since October 2025 need both. With AWS_IAM, a caller in the "
                   "function's account can be allowed both by its own policies instead.",
                   "aws lambda list-functions --query 'Functions[].FunctionName'", Who.RESOURCE_OWNER),
        UsualCause("The URL's auth type is AWS_IAM and the request is not signed (SigV4), or its signer's policies "
                   "do not allow both lambda:InvokeFunctionUrl and lambda:InvokeFunction. With the auth type NONE, the "
                   "policy must allow everybody (\"*\").",
                   None, Who.CALLER),
        page=f"{_LAMBDA}/urls-auth.html",
        actions=("lambda:InvokeFunctionUrl", "lambda:InvokeFunction"),
    ),
    row(
        "service_role_permissions",
        r"MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS",
        "AWS Batch's service role",
        "AWS Batch's service role lacks permissions",
        "AWS Batch's service role lacks permissions, not the job's role or whoever submits the job.",
        UsualCause("The compute environment has its own service role, with an old or narrow policy: use the "
                   "service-linked role AWSServiceRoleForBatch, or allow that role the actions of AWSBatchServiceRole.",
                   "aws batch describe-compute-environments --query "
                   "'computeEnvironments[].[computeEnvironmentName,serviceRole,statusReason]'"),
        page="https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    lacking(
        "ensure you have the right aws permissions",
        r"Access Denied\. Please ensure you have the right AWS permissions",
        "the EFS CSI driver's controller",
        ("elasticfilesystem:CreateAccessPoint", "elasticfilesystem:DescribeAccessPoints",
         "elasticfilesystem:DeleteAccessPoint", "elasticfilesystem:TagResource",
         "elasticfilesystem:DescribeFileSystems", "elasticfilesystem:DescribeMountTargets"),
        UsualCause("The role of the controller's service account (efs-csi-controller-sa, by Pod Identity or IRSA) "
                   "lacks the permissions: attach AmazonEFSCSIDriverPolicy to this role. Without its own role, the "
                   "controller uses the node's role."),
        UsualCause("The role's policy is older than the driver: newer versions tag access points "
                   "(elasticfilesystem:TagResource).", "aws iam list-roles --query 'Roles[].RoleName'"),
        UsualCause("The driver sets tags of your own (controller.tags), but AmazonEFSCSIDriverPolicy allows only the "
                   "key efs.csi.aws.com/cluster: leave those tags out, or allow elasticfilesystem:CreateAccessPoint "
                   "and elasticfilesystem:TagResource with these tags in a policy of your own.",
                   shown_by=r"controller\.tags|controller:\s+tags:|--tags[= ]"),
        page="https://docs.aws.amazon.com/eks/latest/userguide/efs-csi.html",
        on="on the file system",
    ),
    row(
        ("invalidvolume.notfound", "resource that is already deleted"),
        r"Could not create volume[^\n]{0,300}"
        r"(?:InvalidVolume\.NotFound|IdempotentParameterMismatch[^\n]{0,120}deleted)",
        "the EBS CSI driver's controller",
        "the volume was accepted and then deleted by EBS",
        "EBS accepted the volume and then deleted it. Often the driver's role is not allowed to use the KMS key that "
        "encrypts the volume. In that case no call is refused, and CloudTrail shows no denial.",
        UsualCause(f"Allow the role of ebs-csi-controller-sa to perform {_FOR_VOLUMES} on {{key}}, in its policy and "
                   "in the key policy. AmazonEBSCSIDriverPolicy contains no KMS actions. The key must be enabled, and "
                   "in the volume's Region.", "aws kms describe-key --key-id {key}", shown_by=_KEY_OF_CLASS,
                   decides="EBS accepted the volume and then deleted it: most likely the driver's role is not "
                   "allowed to use the storage class's KMS key. In that case no call is refused: test it with a volume "
                   "without encryption."),
        UsualCause(f"Allow the role of ebs-csi-controller-sa to perform {_FOR_VOLUMES} on the key, in its policy and "
                   "in the key policy. AmazonEBSCSIDriverPolicy contains no KMS actions.", None),
        UsualCause("If the storage class names no key (kmsKeyId), the account's default EBS key is used. If the key is "
                   "disabled or pending deletion, the volume is deleted, too.",
                   "aws ec2 get-ebs-default-kms-key-id", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/eks/latest/userguide/add-ons-aws-ebs-csi-driver.html",
    ),
    row(
        "must be assumable",
        r"role must be assumable (?:with|by) (?P<principals>[\w.-]+\.amazonaws\.com(?:\.cn)?"
        r"(?:(?: as well as|,| and) [\w.-]+\.amazonaws\.com(?:\.cn)?){0,3})",
        "the service",
        "the role's trust policy must name {principals}",
        "The role's trust policy must let {principals} assume it: add the missing principals there. The permissions "
        "of whoever made the call are not the cause.",
        UsualCause('In the trust policy, set Principal to {"Service": […]} with {principals}, and Action to '
                   "sts:AssumeRole. Wait a few seconds for the change to take effect, then try again.", None,
                   Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/lambda-edge-permissions.html",
        cause="trust.principal-mismatch",
        ground=Ground.LIKENESS,
    ),
    lacking(
        "service-linked role for ec2 spot instances",
        r"permission to create the service-linked role for EC2 Spot Instances",
        "the caller of the launch",
        ("iam:CreateServiceLinkedRole",),
        UsualCause("The account has no AWSServiceRoleForEC2Spot yet: somebody with iam:CreateServiceLinkedRole has to "
            "create it once (aws iam create-service-linked-role --aws-service-name spot.amazonaws.com). After that, "
            "the launch needs no further permission.",
                   "aws iam get-role --role-name AWSServiceRoleForEC2Spot"),
        UsualCause("If the launching role should create the service-linked role itself, allow that role "
                   "iam:CreateServiceLinkedRole, preferably with the condition iam:AWSServiceName = "
                   "spot.amazonaws.com."),
        page="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/service-linked-roles-spot-instance-requests.html",
        on="to create AWSServiceRoleForEC2Spot",
    ),
    row(
        ("authorized to use launch template", "authorized to launch instances with"),
        r"not authorized to (?:use|launch instances with(?: this| the)?) launch template",
        "the caller of the launch",
        "the caller is not allowed to launch with the launch template",
        "The caller is not allowed to launch with this launch template: AWS checks the caller's own permissions for "
        "everything in the template, and something in it is not allowed.",
        UsualCause("The caller may start instances, as the text shows: most likely it lacks iam:PassRole on the role "
                   "of the template's instance profile (or ec2:CreateTags, if the template sets tags).", None,
                   shown_by=r"\A(?![\s\S]*iam:(?:PassRole|\*))(?=[\s\S]*ec2:(?:RunInstances|\*))"
                   r"[\s\S]*?(?:IamInstanceProfile|iam_instance_profile|\binstance profile\b)",
                   decides="The caller may start instances, and the template has an instance profile: most likely the "
                   "caller lacks iam:PassRole on the role of that profile."),
        UsualCause("The caller lacks ec2:RunInstances on one of the resources of the template (image, subnet, security "
                   "group, key pair, the template itself), ec2:CreateTags for its tags, or iam:PassRole on its "
                   "instance profile's role.", "aws ec2 describe-launch-templates --query "
                   "'LaunchTemplates[].[LaunchTemplateName,DefaultVersionNumber]'"),
        UsualCause("The template, or an image or key that it names, was deleted or is in another Region or account.",
                   "aws ec2 describe-launch-templates", Who.CALLER),
        page="https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-launch-template-permissions.html",
    ),
    row(
        "give you permission to perform operations",
        r"role (?P<resource>arn:\S+) does not give you permission to perform operations in the following AWS service",
        "CodeDeploy's service role",
        "CodeDeploy's service role lacks permissions",
        "The deployment group's service role lacks permissions in the service that the text names; whoever starts the "
        "deployment does not need them.",
        UsualCause("Add ec2:RunInstances, ec2:CreateTags and iam:PassRole (on the role of the instance profile) to the "
                   "policies of the service role {name}: a group with a launch template needs them in addition to "
                   "AWSCodeDeployRole.", "aws iam list-attached-role-policies --role-name {name}",
                   shown_by=r"role/(?:\S+/)?(?P<name>[\w+=,.@-]+) does not give you[\s\S]*"
                   r"(?:launch ?template|\blt-[0-9a-f]{8,17}\b)",
                   decides="The Auto Scaling group has a launch template: {name} needs ec2:RunInstances, "
                   "ec2:CreateTags and iam:PassRole in addition to AWSCodeDeployRole."),
        UsualCause("The deployment group's service role lacks AWSCodeDeployRole (for ECS AWSCodeDeployRoleForECS, for "
                   "Lambda AWSCodeDeployRoleForLambda). With launch templates, it also needs ec2:RunInstances, "
                   "ec2:CreateTags and iam:PassRole.", "aws deploy list-applications"),
        page="https://docs.aws.amazon.com/codedeploy/latest/userguide/getting-started-create-service-role.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
    row(
        ("failed to pull your application image", "invalid access role in authenticationconfiguration",
         "image from ecr"),
        r"Failed to pull your application image\. Be sure you configure your service with a valid access role"
        r"|Invalid Access Role in AuthenticationConfiguration"
        r"|Failed to copy the image from ECR(?: to App Runner)?[^\n]{0,80}?(?:Access Denied|denied|permission)",
        "App Runner, which pulls the image",
        "App Runner cannot pull the image with its access role",
        "App Runner pulls a private ECR image with the service's access role, not with the instance role: the access "
        "role is missing or incomplete.",
        UsualCause("Give the service an access role that trusts build.apprunner.amazonaws.com and has "
                   "AWSAppRunnerServicePolicyForECRAccess.",
                   "aws apprunner list-services --query 'ServiceSummaryList[].ServiceArn'"),
        page="https://docs.aws.amazon.com/apprunner/latest/dg/service-source-image.html",
        asks=assumed_by("build.apprunner.amazonaws.com"),
    ),
    row(
        "trust policy of the role provided is invalid",
        r"Trust policy of the role provided is invalid",
        "EKS Pod Identity, which assumes the association's role",
        "the role's trust policy does not let EKS Pod Identity assume it",
        "EKS Pod Identity cannot assume this role: its trust policy must let pods.eks.amazonaws.com perform "
        "sts:AssumeRole and sts:TagSession.",
        UsualCause("The role trusts another principal, most often the cluster's OIDC provider. Add a statement for "
                   "pods.eks.amazonaws.com with sts:AssumeRole and sts:TagSession; the existing statement can stay.",
                   "aws iam get-role --role-name ROLE --query Role.AssumeRolePolicyDocument", Who.RESOURCE_OWNER),
        page="https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html",
        cause="trust.action-mismatch",
        ground=Ground.LIKENESS,
        asks=(OwnRequest("pods.eks.amazonaws.com", "sts:AssumeRole"),
              OwnRequest("pods.eks.amazonaws.com", "sts:TagSession")),
    ),
    *map(_karpenter, ("CreateFleet", "CreateLaunchTemplate", "RunInstances")),
)  # fmt: skip
