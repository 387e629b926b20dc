"""Thirty conflicts as ten tools print them: the tool, what it calls the role, the role's name, and the text."""

from __future__ import annotations

from diagnostics.tools import Tool

_TAKEN = "EntityAlreadyExists: Role with name {} already exists."
_REQUEST = "https response error StatusCode: 409, RequestID: 3f2b7a10-1111-4222-8333-444455556666"

CONFLICTS: tuple[tuple[Tool, str, str, str], ...] = (
    (
        Tool.TERRAFORM,
        "aws_iam_role.app",
        "shop-app",
        f"╷\n│ Error: creating IAM Role (shop-app): operation error IAM: CreateRole, {_REQUEST}, "
        f"{_TAKEN.format('shop-app')}\n│ \n│   with aws_iam_role.app,\n│   on iam.tf line 3, in resource "
        '"aws_iam_role" "app":\n│    3: resource "aws_iam_role" "app" {\n│ \n╵',
    ),
    (
        Tool.TERRAFORM,
        'module.api.aws_iam_role.this["eu"]',
        "shop-api",
        f"Error: creating IAM Role (shop-api): operation error IAM: CreateRole, {_REQUEST}, "
        f'{_TAKEN.format("shop-api")}\n\n  with module.api.aws_iam_role.this["eu"],\n  on modules/api/main.tf line 12',
    ),
    (
        Tool.TERRAFORM,
        "aws_iam_role.worker",
        "shop-worker",
        "aws_iam_role.worker: Creating...\nError: error creating IAM Role (shop-worker): "
        f"{_TAKEN.format('shop-worker')}\n\tstatus code: 409, request id: 3f2b7a10",
    ),
    (
        Tool.CLOUDFORMATION,
        "AppRole",
        "shop-app",
        "2026-11-29 08:11:02 UTC+0000  CREATE_FAILED  AWS::IAM::Role  AppRole  shop-app already exists "
        "(Service: Iam, Status Code: 409, Error Code: EntityAlreadyExists)",
    ),
    (
        Tool.CLOUDFORMATION,
        "ApiRole",
        "shop-api",
        'Resource handler returned message: "Role with name shop-api already exists. (Service: Iam, Status Code: 409, '
        'Request ID: 3f2b7a10)" (HandlerErrorCode: AlreadyExists)\nThe following resource(s) failed to '
        "create: [ApiRole].",
    ),
    (
        Tool.CLOUDFORMATION,
        "WorkerRole",
        "shop-worker",
        '{"StackName": "shop", "LogicalResourceId": "WorkerRole", "ResourceType": "AWS::IAM::Role", "ResourceStatus": '
        '"CREATE_FAILED", "ResourceStatusReason": "shop-worker already exists (Service: Iam, Status Code: 409, Error '
        'Code: EntityAlreadyExists)"}',
    ),
    (
        Tool.CDK,
        "AppRole3B2F1C4D",
        "shop-app",
        "$ cdk deploy\nShopStack | 2/5 | 10:02:11 | CREATE_FAILED | AWS::IAM::Role | AppRole (AppRole3B2F1C4D) Reso"
        "urce "
        "handler returned message: \"Resource of type 'AWS::IAM::Role' with identifier 'shop-app' already exists.\" "
        "(HandlerErrorCode: AlreadyExists)",
    ),
    (
        Tool.CDK,
        "ApiServiceRole9C0D",
        "shop-api",
        "❌ ShopStack failed: aws-cdk-lib\nShopStack | 1/4 | 9:00:00 AM | CREATE_FAILED | AWS::IAM::Role | "
        f"Api/ServiceRole (ApiServiceRole9C0D) {_TAKEN.format('shop-api')}",
    ),
    (
        Tool.CDK,
        "Worker1A2B3C4D",
        "shop-worker",
        "cdk deploy failed: ToolkitError: The stack ShopStack failed creation: the following resource(s) failed to "
        "create: [Worker1A2B3C4D]. shop-worker already exists (Service: Iam, Status Code: 409, Error Code: "
        "EntityAlreadyExists)",
    ),
    (
        Tool.SAM,
        "AppFunctionRole",
        "shop-app",
        'sam deploy --guided\nCREATE_FAILED  AWS::IAM::Role  AppFunctionRole  Resource handler returned message: "Role '
        'with name shop-app already exists. (Service: Iam, Status Code: 409)"',
    ),
    (
        Tool.SAM,
        "ApiRole",
        "shop-api",
        "Transform AWS::Serverless-2016-10-31\nCREATE_FAILED          AWS::IAM::Role         ApiRole                "
        f"{_TAKEN.format('shop-api')}",
    ),
    (
        Tool.SAM,
        "WorkerRole",
        "shop-worker",
        f"Error: Failed to create/update the stack (samconfig.toml): failed to create: [WorkerRole]\n"
        f"The following resource(s) failed to create: [WorkerRole]. {_TAKEN.format('shop-worker')}",
    ),
    (
        Tool.PULUMI,
        "app-role",
        "shop-app",
        "  aws:iam:Role (app-role):\n    error: creating IAM Role (shop-app): operation error IAM: CreateRole, "
        f"{_REQUEST}, {_TAKEN.format('shop-app')}",
    ),
    (
        Tool.PULUMI,
        "api",
        "shop-api",
        "error: creating urn:pulumi:dev::shop::aws:iam/role:Role::api: 1 error occurred:\n\t* creating IAM Role "
        f"(shop-api): {_TAKEN.format('shop-api')}",
    ),
    (
        Tool.PULUMI,
        "worker",
        "shop-worker",
        "pulumi up\n +  aws:iam:Role worker creating error: sdk-v2/provider2.go: creating IAM Role (shop-worker): "
        f"{_TAKEN.format('shop-worker')}",
    ),
    (
        Tool.EKSCTL,
        "shop/app",
        "shop-app",
        '[✖]  eksctl create iamserviceaccount "shop/app": CREATE_FAILED – "Resource handler returned message: '
        '\\"Role with name shop-app already exists. (Service: Iam, Status Code: 409)\\""',
    ),
    (
        Tool.EKSCTL,
        "kube-system/api",
        "shop-api",
        "eksctl: 1 iamserviceaccount (kube-system/api) was included\n[✖]  AWS::IAM::Role/Role1: CREATE_FAILED – "
        f'"{_TAKEN.format("shop-api")}"',
    ),
    (
        Tool.EKSCTL,
        "workers",
        "shop-worker",
        'eksctl create nodegroup: nodegroup "workers" AWS::IAM::Role/NodeInstanceRole: CREATE_FAILED – '
        f'"{_TAKEN.format("shop-worker")}"',
    ),
    (
        Tool.SERVERLESS,
        "IamRoleLambdaExecution",
        "shop-app",
        "Serverless Error: CREATE_FAILED: IamRoleLambdaExecution (AWS::IAM::Role)\nResource handler returned message: "
        '"Role with name shop-app already exists. (Service: Iam, Status Code: 409)"',
    ),
    (
        Tool.SERVERLESS,
        "IamRoleLambdaExecution",
        "shop-api",
        "✖ Stack shop-dev failed to deploy\nServerless Framework v3\nCREATE_FAILED: IamRoleLambdaExecution "
        f"(AWS::IAM::Role)\n{_TAKEN.format('shop-api')}",
    ),
    (
        Tool.SERVERLESS,
        "WorkerRole",
        "shop-worker",
        f"serverless deploy --stage prod\nCREATE_FAILED: WorkerRole (AWS::IAM::Role)\n{_TAKEN.format('shop-worker')}",
    ),
    (
        Tool.ANSIBLE,
        "Create the app role",
        "shop-app",
        'TASK [Create the app role] ****\nfatal: [localhost]: FAILED! => {"boto3_version": "1.44", "msg": "Unable '
        "to create role: An error occurred (EntityAlreadyExists) when calling the CreateRole operation: Role with name "
        'shop-app already exists."}',
    ),
    (
        Tool.ANSIBLE,
        "iam : api role",
        "shop-api",
        'TASK [iam : api role] ***\nfatal: [localhost]: FAILED! => {"msg": "An error occurred (EntityAlreadyExists) '
        'when calling the CreateRole operation: Role with name shop-api already exists."}',
    ),
    (
        Tool.ANSIBLE,
        "worker",
        "shop-worker",
        "ansible-playbook site.yml\nTASK [worker] ***\nAn error occurred (EntityAlreadyExists) when calling the "
        "CreateRole operation: Role with name shop-worker already exists.",
    ),
    (
        Tool.CROSSPLANE,
        "app",
        "shop-app",
        "Warning  CannotCreateExternalResource  managed/role.iam.aws.upbound.io/app  create failed: async create "
        f"failed: creating IAM Role (shop-app): {_TAKEN.format('shop-app')}",
    ),
    (
        Tool.CROSSPLANE,
        "api",
        "shop-api",
        f"crossplane: role.iam.aws.m.upbound.io/api cannot create: api error {_TAKEN.format('shop-api')}",
    ),
    (
        Tool.CROSSPLANE,
        "worker",
        "shop-worker",
        "upbound.io role.iam.aws.upbound.io/worker SYNCED False: creating IAM Role (shop-worker): "
        f"{_TAKEN.format('shop-worker')}",
    ),
    (
        Tool.ACK,
        "app",
        "shop-app",
        "role.iam.services.k8s.aws/app ACK.Terminal: EntityAlreadyExists: Role with name shop-app already exists.\n\t"
        "status code: 409",
    ),
    (
        Tool.ACK,
        "api",
        "shop-api",
        '{"level":"error","msg":"Reconciler error","controller":"role","controllerGroup":"iam.services.k8s.aws",'
        '"controllerKind":"Role","Role":{"name":"api","namespace":"shop"},"error":"EntityAlreadyExists: Role with name '
        'shop-api already exists."}',
    ),
    (
        Tool.ACK,
        "worker",
        "shop-worker",
        "iam.services.k8s.aws role.iam.services.k8s.aws/worker Failed to create: api error EntityAlreadyExists: Role "
        "with name shop-worker already exists.",
    ),
)
