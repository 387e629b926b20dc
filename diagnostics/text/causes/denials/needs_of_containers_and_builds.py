"""Further permissions that ECS, EKS, ECR, Batch, App Runner and CodeBuild need."""

from __future__ import annotations

from diagnostics.text.causes.denials.service_fact_row import DOCS, MANAGED, SAR, Known, known_row

CONTAINERS: tuple[Known, ...] = (
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
