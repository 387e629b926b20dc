"""Further permissions that services need, in addition to the denied action: rows of `known.Known` by service.

The Service Authorization Reference lists the resources that an action supports. The contents of managed policies are
from their published text.
"""

from __future__ import annotations

from diagnostics.text.causes.denials.needs_of_data_services import DATA
from diagnostics.text.causes.denials.needs_of_message_services import MESSAGES
from diagnostics.text.causes.denials.service_fact_row import DOCS, MANAGED, SAR, Known, known_row
from diagnostics.who import Who

_CONTAINERS: tuple[Known, ...] = (
    known_row(
        r"ecs:(?:registercontainerinstance|deregistercontainerinstance|discoverpollendpoint|poll|submit\w+state\w*"
        r"|starttelemetrysession|updatecontainerinstancesstate)$",
        r":assumed-role/[^/\s]+/i-[0-9a-f]{8,17}\b",
        "The ECS agent calls with the instance's role, not with a task's: attach AmazonEC2ContainerServiceforEC2Role "
        "to the role of the instance profile. The task role and the execution role have no effect here.",
        f"{DOCS}/AmazonECS/latest/developerguide/instance_IAM_role.html",
    ),
    known_row(
        r"eks-auth:assumeroleforpodidentity$",
        r"",
        "The Pod Identity agent calls with the node's role: attach AmazonEKSWorkerNodePolicy, which has "
        "eks-auth:AssumeRoleForPodIdentity, to the node's role. The pod's own role matters only after that.",
        f"{MANAGED}/AmazonEKSWorkerNodePolicy.html",
    ),
    known_row(
        r"eks:(?:create|update)podidentityassociation$",
        r"",
        "Creating a Pod Identity association passes a role: allow this action, iam:PassRole and iam:GetRole on that "
        "role, with iam:PassedToService = pods.eks.amazonaws.com.",
        f"{DOCS}/eks/latest/userguide/pod-id-association.html",
    ),
    known_row(
        r"eks:accesskubernetesapi$",
        r"",
        "The console shows a cluster's resources only with both: eks:AccessKubernetesApi in IAM, and an "
        "access entry with a policy (or a line in aws-auth) in the cluster.",
        f"{DOCS}/eks/latest/userguide/view-kubernetes-resources.html",
    ),
    known_row(
        r"eks:(?:createaccessentry|associateaccesspolicy)$",
        r"",
        "Two actions give a role access to a cluster: eks:CreateAccessEntry on the cluster, and "
        "eks:AssociateAccessPolicy on the access entry (access-entry/CLUSTER/…). Allow both.",
        f"{DOCS}/eks/latest/userguide/creating-access-entries.html",
    ),
    known_row(
        r"eks:createnodegroup$",
        r"",
        "Creating a node group also needs iam:PassRole on the node role, iam:GetRole and "
        "iam:ListAttachedRolePolicies, and for the first one iam:CreateServiceLinkedRole.",
        f"{DOCS}/eks/latest/userguide/create-managed-node-group.html",
    ),
    known_row(
        r"ssm:getparameters?$",
        r"parameter/cdk-bootstrap/",
        "Every CDK deployment reads the version of the bootstrap stack from this parameter. Let the caller assume the "
        "bootstrap roles (sts:AssumeRole on role/cdk-*), which are allowed to read it, or allow the caller this action "
        "on parameter/cdk-bootstrap/*. Without a bootstrap stack in this account and Region there is no such parameter",
        f"{DOCS}/cdk/v2/guide/bootstrapping-env.html",
    ),
    known_row(
        r"secretsmanager:getsecretvalue$",
        r"\bMWAA\b|airflow/(?:connections|variables)/|SecretsManagerBackend",
        "Amazon MWAA reads connections and variables with the environment's execution role: allow it to perform "
        "secretsmanager:GetSecretValue on the secrets airflow/connections/* and airflow/variables/*, and kms:Decrypt "
        "for a customer managed key",
        f"{DOCS}/mwaa/latest/userguide/connections-secrets-manager.html",
        gone=r"assumed-role/(?![^\s/]*(?:MWAA|airflow))[^\s/]+/(?![\s\S]*airflow/(?:connections|variables)/)",
    ),
    known_row(
        r"secretsmanager:getsecretvalue$",
        r"get_?resource_?(?:oauth2_?token|api_?key)|bedrock-agentcore-identity!",
        "AgentCore reads the credential provider's secret with the permissions of whoever calls "
        "GetResourceOauth2Token or GetResourceApiKey: allow that role to perform secretsmanager:GetSecretValue on the "
        "secrets bedrock-agentcore-identity!default/*, although its own code never reads them.",
        f"{DOCS}/bedrock-agentcore/latest/APIReference/API_GetResourceOauth2Token.html",
    ),
    known_row(
        r"(?:secretsmanager:getsecretvalue|ssm:getparameters?|kms:decrypt)$",
        r"ResourceInitializationError|unable to pull secrets|retrieve secret from asm",
        "ECS fetches a task definition's secrets with the task's execution role before the container starts: allow "
        "that role to perform secretsmanager:GetSecretValue or ssm:GetParameters, and kms:Decrypt for a customer "
        "managed key. The task role is not used to fetch secrets.",
        f"{DOCS}/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
    ),
    known_row(
        r"ecr:(?:createrepository|batchimportupstreamimage)$",
        r"BatchImportUpstreamImage|pull[- ]?through|\b(?:docker-hub|quay|ecr-public|ghcr|registry-k8s)/",
        "The first pull through a cache creates the repository: whoever pulls the image needs "
        "ecr:BatchImportUpstreamImage and ecr:CreateRepository on the repository. Or a repository creation template "
        "lets ECR create the repository.",
        f"{DOCS}/AmazonECR/latest/userguide/pull-through-cache-iam.html",
    ),
    known_row(
        r"batch:submitjob$",
        r"",
        "AWS Batch checks batch:SubmitJob on the job definition and on the job queue: allow it on both "
        "(job-definition/NAME:*, job-queue/NAME). If the job has tags, also allow batch:TagResource.",
        f"{SAR}/list_awsbatch.html",
    ),
    known_row(
        r"ecs:(?:runtask|starttask)$",
        r"",
        "ECS checks this action on the task definition as the call names it: allow it on task-definition/NAME:* and, "
        "for calls without a revision, on task-definition/NAME. The call also needs iam:PassRole on the task role and "
        "the execution role, to ecs-tasks.amazonaws.com.",
        f"{DOCS}/AmazonECS/latest/developerguide/security_iam_id-based-policy-examples.html",
    ),
    known_row(
        r"ec2:(?:createnetworkinterface|describe\w+|deletenetworkinterface)$|ec2:createnetworkinterfacepermission$",
        r"VPC_CLIENT_ERROR|Not authorized to perform Describe|codebuild(?=[\s\S]*CreateNetworkInterfacePermission)"
        r"|CreateNetworkInterfacePermission(?=[\s\S]*codebuild)",
        "A CodeBuild project in a VPC needs in its service role ec2:CreateNetworkInterface, "
        "ec2:DeleteNetworkInterface and EC2's Describe actions on *, and ec2:CreateNetworkInterfacePermission "
        "on network-interface/* with ec2:AuthorizedService = codebuild.amazonaws.com.",
        f"{DOCS}/codebuild/latest/userguide/auth-and-access-control-iam-identity-based-access-control.html",
    ),
    known_row(
        r"codebuild:(?:createreportgroup|createreport|updatereport|batchputtestcases|batchputcodecoverages)$",
        r"",
        "Reports are written by the build's service role: allow codebuild:CreateReportGroup, CreateReport, "
        "UpdateReport, BatchPutTestCases and BatchPutCodeCoverages on report-group/PROJECT-*.",
        f"{DOCS}/codebuild/latest/userguide/test-permissions.html",
    ),
    known_row(
        r"apprunner:createservice$",
        r"",
        "App Runner also needs iam:PassRole on its roles: the access role (for ECR) trusts "
        "build.apprunner.amazonaws.com, and the instance role trusts tasks.apprunner.amazonaws.com. The first "
        "service also needs iam:CreateServiceLinkedRole.",
        f"{DOCS}/apprunner/latest/dg/security_iam_service-with-iam.html",
    ),
    known_row(
        r"codeartifact:publishpackageversion$",
        r"",
        "Publishing is checked on the package (package/DOMAIN/REPOSITORY/FORMAT/NAMESPACE/NAME), not on the "
        "repository; npm and others also read the repository: codeartifact:ReadFromRepository.",
        f"{SAR}/list_awscodeartifact.html",
    ),
)
_FUNCTIONS: tuple[Known, ...] = (
    known_row(
        r"lambda:(?:create|update|delete|get|list)eventsourcemapping\w*$",
        r"",
        'To create and list event source mappings, Resource must be "*"; limit it with the condition '
        "lambda:FunctionArn. The function's execution role needs the permissions on the source.",
        f"{DOCS}/lambda/latest/dg/lambda-api-permissions-ref.html",
    ),
    known_row(
        r"ec2:(?:createnetworkinterface|describenetworkinterfaces|deletenetworkinterface|describesubnets|assignprivateipaddresses)$",
        r"AWSLambdaVPCAccess|invokedBy\W{1,5}lambda\.amazonaws|execution role does not have permissions to call",
        "A function in a VPC needs these actions in its execution role (AWSLambdaVPCAccessExecutionRole), "
        'with Resource "*". Whoever creates it needs ec2:DescribeSecurityGroups, DescribeSubnets and '
        "DescribeVpcs.",
        f"{DOCS}/lambda/latest/dg/configuration-vpc.html",
    ),
    known_row(
        r"lambda:getlayerversion$",
        r"",
        "To use a layer of another account, allow lambda:GetLayerVersion twice: in the caller's policies on the layer "
        "version's ARN (with its number), and in the layer version's own policy.",
        f"{DOCS}/lambda/latest/dg/permissions-layer-cross-account.html",
    ),
    known_row(
        r"serverlessrepo:(?:create|get)(?:cloudformation|application$)",
        r"",
        "The caller who deploys needs this action on the application's ARN, also for another account's public "
        "application; an AWS::Serverless::Application usually needs serverlessrepo:CreateCloudFormationTemplate and "
        "GetCloudFormationTemplate. The publisher must share the application only if it is not public.",
        f"{DOCS}/serverlessrepo/latest/devguide/access-control-resource-based.html",
    ),
    known_row(
        r"lambda:invokefunctionurl$",
        r"",
        "Calling a function URL needs lambda:InvokeFunctionUrl and, for URLs made since October 2025, also "
        "lambda:InvokeFunction. Another account's function must allow both in its own policy.",
        f"{DOCS}/lambda/latest/dg/urls-auth.html",
    ),
    known_row(
        r"states:invokehttpendpoint$|events:retrieveconnectioncredentials$",
        r"",
        "An HTTP task needs three things in the state machine's role: states:InvokeHTTPEndpoint, "
        "events:RetrieveConnectionCredentials on the connection, and secretsmanager:GetSecretValue and "
        "DescribeSecret on the connection's secret.",
        f"{DOCS}/step-functions/latest/dg/call-https-apis.html",
    ),
    known_row(
        r"events:(?:putrule|puttargets|describerule)$",
        r"StepFunctionsGetEvents|managed[- ]rule",
        "Step Functions waits for .sync tasks through a rule that it manages: the state machine's role needs "
        "events:PutTargets, events:PutRule and events:DescribeRule on rule/StepFunctionsGetEventsFor….",
        f"{DOCS}/step-functions/latest/dg/service-integration-iam-templates.html",
    ),
    known_row(
        r"execute-api:invoke$",
        r"\barn:aws[\w-]*:execute-api",
        "The resource is arn:aws:execute-api:REGION:ACCOUNT:API-ID/STAGE/METHOD/PATH. Another account's API "
        "needs both: this action in the caller's policies, and the API's resource policy (deployed again "
        "after a change).",
        f"{DOCS}/apigateway/latest/developerguide/apigateway-authorization-flow.html",
    ),
    known_row(
        r"appsync:graphql$",
        r"",
        "AppSync checks each field: allow appsync:GraphQL on apis/API-ID/types/Query/fields/NAME (or "
        "apis/API-ID/*), and let the field use IAM (@aws_iam) where the API's default is another mode.",
        f"{DOCS}/appsync/latest/devguide/security-authz.html",
    ),
    known_row(
        r"bedrock:invokeagent$",
        r"",
        "bedrock:InvokeAgent is checked on the alias: agent-alias/AGENT-ID/ALIAS-ID, and not on agent/….",
        f"{SAR}/list_amazonbedrock.html",
    ),
    known_row(
        r"bedrock:(?:retrieve|retrieveandgenerate)$",
        r"",
        "Allow bedrock:Retrieve on the knowledge base, and for RetrieveAndGenerate also "
        'bedrock:RetrieveAndGenerate on "*". The model or inference profile that writes the answer may need '
        "bedrock:InvokeModel too.",
        f"{DOCS}/bedrock/latest/userguide/knowledge-base-prereq-permissions-general.html",
    ),
    known_row(
        r"bedrock:invokemodel(?:withresponsestream)?$",
        r"assumed-role/AmazonBedrockExecutionRoleFor",
        "An agent or knowledge base calls models with its own service role: allow that role to perform "
        "bedrock:InvokeModel on the model, and on the inference profile if it uses one. Its trust policy must name "
        "bedrock.amazonaws.com.",
        f"{DOCS}/bedrock/latest/userguide/agents-permissions.html",
    ),
    known_row(
        r"sagemaker:createpresigneddomainurl$",
        r"",
        "The URL is for a user profile: allow sagemaker:CreatePresignedDomainUrl on "
        "user-profile/DOMAIN-ID/PROFILE, and not on the domain.",
        f"{SAR}/list_amazonsagemaker.html",
    ),
    known_row(
        r"sagemaker:addtags$",
        r"",
        "Studio, Canvas and pipelines tag the resources that they create: allow the Create action and "
        "sagemaker:AddTags on the resource.",
        f"{DOCS}/sagemaker/latest/dg/security_iam_id-based-policy-examples.html",
    ),
)
_NETWORK: tuple[Known, ...] = (
    known_row(
        r"ec2:createvpcendpoint$",
        r"",
        "EC2 checks the VPC, the endpoint and each subnet, security group and route table. For private DNS also allow "
        "route53:AssociateVPCWithHostedZone, and for tags ec2:CreateTags on vpc-endpoint/*.",
        f"{DOCS}/vpc/latest/privatelink/security_iam_id-based-policy-examples.html",
    ),
    known_row(
        r"ec2:createsecuritygroup$",
        r"",
        "EC2 checks this on the new security group and on its VPC: allow security-group/* and vpc/ID, and "
        "ec2:CreateTags on security-group/* for tags.",
        f"{SAR}/list_amazonec2.html",
    ),
    known_row(
        r"ec2:(?:attach|detach)volume$",
        r"",
        "EC2 checks this on the volume and on the instance: allow it on both (volume/* and instance/*); a "
        "condition on tags must hold for each.",
        f"{SAR}/list_amazonec2.html",
    ),
    known_row(
        r"ec2:(?:createimage|createsnapshots?)$",
        r"",
        "EC2 checks both the new resource and its source: CreateImage on image, instance and snapshot, CreateSnapshot "
        "on snapshot and volume. Tags need ec2:CreateTags on the new resource.",
        f"{SAR}/list_amazonec2.html",
    ),
    known_row(
        r"kms:",
        r"CopySnapshot|CopyImage|ModifySnapshotAttribute|alias/aws/ebs",
        "A snapshot that the AWS managed key (aws/ebs) encrypts cannot be shared with another account: copy it with a "
        "customer managed key. To copy a shared snapshot, the caller needs kms:Decrypt, DescribeKey, CreateGrant and "
        "ReEncrypt* on its key, in both accounts.",
        f"{DOCS}/ebs/latest/userguide/ebs-modifying-snapshot-permissions.html",
    ),
    known_row(
        r"ec2-instance-connect:sendsshpublickey$",
        r"",
        "Check the instance's ARN and the condition ec2:osuser, which names the login user (ec2-user, "
        "ubuntu). Through an endpoint also allow ec2-instance-connect:OpenTunnel on it.",
        f"{DOCS}/AWSEC2/latest/UserGuide/ec2-instance-connect-configure-IAM-role.html",
    ),
    known_row(
        r"route53:associatevpcwithhostedzone$|route53:createvpcassociationauthorization$",
        r"",
        "If the zone and the VPC belong to two accounts, two calls are needed: "
        "route53:CreateVPCAssociationAuthorization from the zone's account, then route53:AssociateVPCWithHostedZone "
        "from the VPC's account. Both also need ec2:DescribeVpcs.",
        f"{DOCS}/Route53/latest/DeveloperGuide/hosted-zone-private-associate-vpcs-different-accounts.html",
    ),
    known_row(
        r"route53:getchange$",
        r"",
        "The record was already changed; this call only asks for its state: allow route53:GetChange on "
        "arn:aws:route53:::change/*, and not on the hosted zone.",
        f"{SAR}/list_amazonroute53.html",
    ),
    known_row(
        r"wafv2:(?:dis)?associatewebacl$|elasticloadbalancing:setwebacl$|apigateway:setwebacl$",
        r"",
        "A web ACL is attached with permissions on both sides: wafv2:AssociateWebACL on the web ACL and the "
        "resource, and the resource's own action (elasticloadbalancing:SetWebAcl, apigateway:SetWebACL, "
        "appsync:SetWebACL, cognito-idp:AssociateWebACL). CloudFront uses cloudfront:UpdateDistribution "
        "instead.",
        f"{DOCS}/waf/latest/developerguide/security_iam_service-with-iam.html",
    ),
    known_row(
        r"vpc-lattice-svcs:",
        r"",
        "If the service has an auth policy, VPC Lattice needs two Allows: that policy must allow the caller, and so "
        "must the caller's own policies (vpc-lattice-svcs:Invoke on SERVICE-ARN/*). The request must be "
        "signed for vpc-lattice-svcs.",
        f"{DOCS}/vpc-lattice/latest/ug/auth-policies.html",
    ),
)
_KEYS: tuple[Known, ...] = (
    known_row(
        r"kms:(?:create|update|delete)alias$",
        r"",
        "KMS checks an alias action on the alias and on its key (kms:UpdateAlias on the old and the new key): "
        "allow it on alias/NAME in IAM, and on the key in IAM or its key policy.",
        f"{DOCS}/kms/latest/developerguide/alias-access.html",
    ),
    known_row(
        r"kms:createkey$",
        r"",
        'kms:CreateKey needs Resource "*". If you set tags, also allow kms:TagResource. '
        "To change a key policy of your own later, also allow kms:PutKeyPolicy.",
        f"{DOCS}/kms/latest/developerguide/create-keys.html",
    ),
    known_row(
        r"kms:replicatekey$",
        r"",
        "Replicating needs kms:ReplicateKey on the primary key in its Region and kms:CreateKey in the "
        "replica's Region, and the first time iam:CreateServiceLinkedRole for multi-Region keys.",
        f"{DOCS}/kms/latest/developerguide/multi-region-keys-auth.html",
    ),
    known_row(
        r"kms:creategrant$",
        r"",
        "Services such as EBS, RDS and Lambda create grants on the caller's behalf: allow kms:CreateGrant on the key, "
        "preferably with kms:GrantIsForAWSResource = true, and kms:Decrypt, kms:DescribeKey and kms:GenerateDataKey*.",
        f"{DOCS}/kms/latest/developerguide/grants.html",
    ),
    known_row(
        r"secretsmanager:batchgetsecretvalue$",
        r"",
        'BatchGetSecretValue needs secretsmanager:BatchGetSecretValue on "*", secretsmanager:GetSecretValue '
        'on each secret, and with filters secretsmanager:ListSecrets on "*".',
        f"{DOCS}/secretsmanager/latest/userguide/retrieving-secrets_batch.html",
    ),
    known_row(
        r"secretsmanager:rotatesecret$",
        r"",
        "Rotation needs three things: lambda:InvokeFunction on the rotation function for the caller, "
        "secretsmanager.amazonaws.com in the function's own policy, and for the function's role DescribeSecret, "
        "GetSecretValue, PutSecretValue and UpdateSecretVersionStage on the secret.",
        f"{DOCS}/secretsmanager/latest/userguide/rotating-secrets-required-permissions-function.html",
    ),
    known_row(
        r"acm-pca:(?:issue|get)certificate$|acm:requestcertificate$",
        r"certificate-?authority(?:/|Arn)|acm-pca:IssueCertificate",
        "A certificate of a private CA needs acm:RequestCertificate and on the CA acm-pca:IssueCertificate and "
        "acm-pca:GetCertificate. For ACM to renew the certificate, the CA needs a permission (a CA permission) for "
        "acm.amazonaws.com.",
        f"{DOCS}/privateca/latest/userguide/assign-permissions.html",
    ),
)
_OPERATIONS: tuple[Known, ...] = (
    known_row(
        r"imagebuilder:get(?:component|containerrecipe)$|s3:getobject$|kms:decrypt$|logs:(?:createlog(?:group|stream)|putlogevents)$",
        r"(?:imagebuilder:Get|ec2imagebuilder|\bImage ?Builder\b|/aws/imagebuilder/)[\s\S]*?/i-[0-9a-f]{8,17}\b"
        r"|/i-[0-9a-f]{8,17}\b[\s\S]*?(?:imagebuilder:|ec2imagebuilder|\bImage ?Builder\b|/aws/imagebuilder/)",
        "Image Builder's build instance calls with the role of the infrastructure configuration's instance profile: "
        "attach EC2InstanceProfileForImageBuilder and AmazonSSMManagedInstanceCore to it (for containers also "
        "EC2InstanceProfileForImageBuilderECRContainerBuilds). A bucket or key of your own needs a policy of its own.",
        f"{DOCS}/imagebuilder/latest/userguide/security-iam-awsmanpol.html",
    ),
    known_row(
        r"ssm:startsession$",
        r"ssm:startsession on resource: arn:[\w-]+:ssm:[\w-]*:\d*:document/(?=[\s\S]*Starting session with SessionId)",
        "A session starts in the text, so the instance and the access to it are fine: the refused request is for "
        "another session document. Allow ssm:StartSession on the document that the message names, too.",
        f"{DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
    ),
    known_row(
        r"ssm:startsession$",
        r"ssm:startsession on resource: arn:[\w-]+:ssm:[\w-]*:\d*:document/",
        "StartSession is checked on the instance and on the session document, and here the document was refused: allow "
        "ssm:StartSession on the document that the message names, in addition to the instances. Neither the agent nor "
        "the instance's role is the cause.",
        f"{DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
        gone=r"Starting session with SessionId",
    ),
    known_row(
        r"ssm:startsession$",
        r"",
        "StartSession is checked on the instance and on the document: allow instance/ID and "
        "document/SSM-SessionManagerRunShell (or the document that the call names). Encrypted sessions need "
        "kms:GenerateDataKey, too. The agent and the instance's role are not checked for the caller.",
        f"{DOCS}/systems-manager/latest/userguide/getting-started-restrict-access-quickstart.html",
        gone=r"ssm:startsession on resource: arn:[\w-]+:ssm:[\w-]*:\d*:document/",
    ),
    known_row(
        r"ssm:sendcommand$",
        r"",
        "SendCommand is checked on the document and on each instance: allow both document/NAME (AWS's own as "
        "arn:aws:ssm:REGION::document/AWS-…) and instance/ID. The result needs ssm:GetCommandInvocation on *.",
        f"{SAR}/list_awssystemsmanager.html",
    ),
    known_row(
        r"ssm:startautomationexecution$",
        r"",
        "An automation is checked on the document (automation-definition/NAME:VERSION) and the execution. If the "
        "automation has an assume role, the caller needs iam:PassRole on that role, to ssm.amazonaws.com; otherwise "
        "the steps use the caller's permissions.",
        f"{DOCS}/systems-manager/latest/userguide/automation-setup.html",
    ),
    known_row(
        r"(?:ssm:(?:update(?:instanceinformation|(?:instance)?associationstatus)|listinstanceassociations|listassociations"
        r"|getdeployablepatchsnapshotforinstance|getmanifest|putinventory|putcomplianceitems|putconfigurepackageresult"
        r"|getdocument|describeassociation)|ssmmessages:\w+|ec2messages:\w+)$",
        r":instance/i-|amazon-ssm-agent|\bi-[0-9a-f]{8,17}\b",
        "The SSM agent calls with the instance's role: attach AmazonSSMManagedInstanceCore to it, or turn on "
        "Default Host Management Configuration.",
        f"{MANAGED}/AmazonSSMManagedInstanceCore.html",
    ),
    known_row(
        r"backup:(?:startbackupjob|startrestorejob|createbackupselection|startcopyjob)$",
        r"",
        "The call passes the job's role to AWS Backup: the caller also needs iam:PassRole on that role, to "
        "backup.amazonaws.com. Restoring an instance with its profile also needs iam:PassRole for that job's role on "
        "the instance's role.",
        f"{DOCS}/aws-backup/latest/devguide/access-control.html",
    ),
    known_row(
        r"backup:copyintobackupvault$",
        r"",
        "A copy into another account needs backup:CopyIntoBackupVault in the destination vault's access "
        "policy for the source account. Its KMS key must let that account use it; AWS managed keys cannot be "
        "copied across accounts.",
        f"{DOCS}/aws-backup/latest/devguide/create-cross-account-backup.html",
    ),
    known_row(
        r"s3:",
        r"DataSync (?:location|bucket) access test|assumed-role/[^/\s]+/AwsSync-",
        "DataSync reads and writes S3 with the location's role, which trusts datasync.amazonaws.com: on the "
        "bucket s3:GetBucketLocation, ListBucket and ListBucketMultipartUploads, on objects GetObject, "
        "PutObject, DeleteObject, GetObjectTagging, PutObjectTagging, AbortMultipartUpload and "
        "ListMultipartUploadParts.",
        f"{DOCS}/datasync/latest/userguide/create-s3-location.html",
    ),
    known_row(
        r"(?:s3|kms):|^$",
        r"\bserver\.transfer\.[\w-]+\.amazonaws\.com|AWS Transfer Family",
        "If the call comes from Transfer Family, it uses the user's role, limited by the user's session policy: both "
        "must allow s3:ListBucket and GetBucketLocation on the bucket and s3:GetObject, PutObject and DeleteObject on "
        "the home folder, and for encrypted buckets KMS. The Target of a logical directory must begin with the bucket: "
        "/BUCKET/PATH.",
        f"{DOCS}/transfer/latest/userguide/requirements-roles.html",
    ),
    known_row(
        r"workspaces:",
        r"workspaces_DefaultRole",
        "WorkSpaces needs the role workspaces_DefaultRole with exactly this name: it trusts "
        "workspaces.amazonaws.com and has AmazonWorkSpacesServiceAccess and "
        "AmazonWorkSpacesSelfServiceAccess. The console creates it.",
        f"{DOCS}/workspaces/latest/adminguide/workspaces-access-control.html",
    ),
    known_row(
        r"organizations:",
        r"",
        "Most calls of Organizations work only in the management account or a delegated administrator's: "
        "elsewhere they are refused whatever the policies allow. organizations:DescribeOrganization works in "
        "every member account.",
        f"{DOCS}/organizations/latest/userguide/orgs_permissions_overview.html",
        layers=("",),
    ),
    known_row(
        r"[\w-]+:",
        r"\bSC-\d{12}-pp-|assumed-role/[^/\s]+/servicecatalog\b",
        "A product with a launch constraint is created with the constraint's role, not with the user's permissions. "
        "That role must trust servicecatalog.amazonaws.com and allow the product's actions, CloudFormation's actions, "
        "and s3:GetObject on the template.",
        f"{DOCS}/servicecatalog/latest/adminguide/constraints-launch.html",
    ),
    known_row(
        r"(?!servicecatalog:)[\w-]+:",
        r"\bService ?Catalog\b[\s\S]*\b(?:provision|launch)|\b(?:provision|launch)[\s\S]*\bService ?Catalog\b"
        r"|\bProvisionProduct\b",
        "Give the product a launch constraint, whose role then creates the product. Without a launch constraint, "
        "Service Catalog uses the user's own permissions, which must then allow s3:GetObject on the template, "
        "CloudFormation's actions and those of the product.",
        f"{DOCS}/servicecatalog/latest/adminguide/constraints-launch.html",
        who=Who.RESOURCE_OWNER,
        gone=r"\bSC-\d{12}-pp-|assumed-role/[^/\s]+/servicecatalog\b|\b(?:has|with|using) a launch (?:constraint|role)",
    ),
    known_row(
        r"s3:putreplicationconfiguration$",
        r"",
        "The call passes the replication role to S3: the caller also needs iam:PassRole on that role, to "
        "s3.amazonaws.com. Both buckets must have versioning.",
        f"{DOCS}/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html",
    ),
    known_row(
        r"s3:createjob$",
        r"",
        'S3 Batch Operations: s3:CreateJob needs Resource "*", and the caller needs iam:PassRole on the job\'s '
        "role, which trusts batchoperations.s3.amazonaws.com and reads the manifest and writes the report.",
        f"{DOCS}/AmazonS3/latest/userguide/batch-ops-iam-role-policies.html",
    ),
    known_row(
        r"s3:bypassgovernanceretention$",
        r"",
        "An object under Object Lock in governance mode is deleted only with s3:BypassGovernanceRetention and "
        "the header x-amz-bypass-governance-retention: true. In compliance mode, nobody can delete it.",
        f"{DOCS}/AmazonS3/latest/userguide/object-lock-managing.html",
    ),
    known_row(
        r"cloudfront:createinvalidation$",
        r"",
        "cloudfront:CreateInvalidation is checked on arn:aws:cloudfront::ACCOUNT:distribution/ID, without a "
        "Region; waiting for it needs cloudfront:GetInvalidation too.",
        f"{SAR}/list_amazoncloudfront.html",
    ),
    known_row(
        r"xray:puttracesegments$|xray:puttelemetryrecords$",
        r"",
        "X-Ray's write actions need Resource \"*\" (AWSXRayDaemonWriteAccess): a function's execution role, a "
        "task role for a sidecar, or the instance's role needs them.",
        f"{MANAGED}/AWSXRayDaemonWriteAccess.html",
    ),
    known_row(
        r"aps:",
        r"",
        "Amazon Managed Prometheus is checked on the workspace: aps:RemoteWrite to write "
        "(AmazonPrometheusRemoteWriteAccess), aps:QueryMetrics, GetSeries, GetLabels and GetMetricMetadata to "
        "query. The request must be signed for aps.",
        f"{DOCS}/prometheus/latest/userguide/AMP-and-IAM.html",
    ),
    known_row(
        r"elasticfilesystem:client(?:mount|write|rootaccess)$",
        r"",
        "Mounting needs elasticfilesystem:ClientMount, writing ClientWrite, and root ClientRootAccess on the file "
        "system, for the mounting role (options tls,iam). They may be in its policies or in the file system policy.",
        f"{DOCS}/efs/latest/ug/iam-access-control-nfs-efs.html",
    ),
)
SERVICES: tuple[Known, ...] = (*_CONTAINERS, *_FUNCTIONS, *DATA, *MESSAGES, *_NETWORK, *_KEYS, *_OPERATIONS)
