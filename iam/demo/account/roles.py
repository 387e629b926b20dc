"""The roles: 28 that each tell a story, and four that AWS or its services own."""

from __future__ import annotations

from iam.demo.account.applications import APPLICATIONS
from iam.demo.account.facts import (
    ACCOUNT,
    GITHUB,
    ROOT,
    SHARED_TOOLS,
    VENDOR,
    ago,
    allow,
    arn,
    document,
    policy_arn,
    role_arn,
    service_trust,
    trust,
)
from iam.demo.account.role import AWS, BASIC_LAMBDA, BOUNDARY, SeedRole

_GITHUB_PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{GITHUB}"
_SAML_PROVIDER = f"arn:aws:iam::{ACCOUNT}:saml-provider/HarborIdP"

PIPELINES_AND_JOBS: tuple[SeedRole, ...] = (
    SeedRole(
        "gha-deploy-storefront",
        "/ci/",
        document(
            trust(
                {"Federated": _GITHUB_PROVIDER},
                "sts:AssumeRoleWithWebIdentity",
                sid="MainBranchOnly",
                StringEquals={
                    f"{GITHUB}:aud": "sts.amazonaws.com",
                    f"{GITHUB}:sub": "repo:harbor-demo/storefront:ref:refs/heads/main",
                },
            )
        ),
        ago(days=320),
        ago(days=19),
        (policy_arn("deploy-storefront"),),
        {
            "pass-app-roles": document(
                allow(
                    "iam:PassRole",
                    role_arn("app/*"),
                    sid="PassToLambda",
                    StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
                )
            )
        },
        boundary=BOUNDARY,
        description="GitHub Actions: deploys the storefront",
        tags={"team": "storefront"},
    ),
    SeedRole(
        "gha-plan-readonly",
        "/ci/",
        document(
            trust(
                {"Federated": _GITHUB_PROVIDER},
                "sts:AssumeRoleWithWebIdentity",
                StringEquals={f"{GITHUB}:aud": "sts.amazonaws.com"},
                StringLike={f"{GITHUB}:sub": "repo:harbor-demo/*"},
            )
        ),
        ago(days=330),
        ago(days=1),
        (AWS + "ReadOnlyAccess",),
        description="GitHub Actions: terraform plan",
        tags={"team": "platform"},
    ),
    SeedRole(
        "ci-pipeline-builder",
        "/ci/",
        service_trust("codebuild.amazonaws.com"),
        ago(days=300),
        ago(minutes=30),
        (policy_arn("pipeline-build"),),
        boundary=BOUNDARY,
        description="CodeBuild: builds images and makes the roles of applications",
        tags={"team": "platform"},
    ),
    SeedRole(
        "vendor-cost-auditor",
        "/vendor/",
        document(
            trust(
                {"AWS": f"arn:aws:iam::{VENDOR}:root"},
                StringEquals={"sts:ExternalId": "hl-7Q2-audit"},
            )
        ),
        ago(days=270),
        ago(days=8),
        (AWS + "job-function/Billing",),
        {
            "cost-read": document(
                allow(("ce:Get*", "ce:List*", "ce:Describe*", "cur:DescribeReportDefinitions"), "*", sid="ReadCosts")
            )
        },
        description="The cost auditor's access from outside the organization",
        tags={"vendor": "cost-auditor"},
    ),
    SeedRole(
        "lake-etl-glue",
        "/service-role/",
        service_trust("glue.amazonaws.com"),
        ago(days=420),
        ago(hours=4),
        (policy_arn("lake-etl"), policy_arn("guard-region")),
        description="Nightly jobs of the data lake",
        tags={"team": "data"},
    ),
    SeedRole(
        "scheduler-invoke-orders",
        "/service-role/",
        document(
            trust(
                {"Service": "scheduler.amazonaws.com"},
                sid="SchedulesOfProd",
                StringEquals={"aws:SourceAccount": ACCOUNT},
                ArnLike={"aws:SourceArn": arn("scheduler", "schedule/prod/*")},
            )
        ),
        ago(days=8),
        ago(minutes=9),
        inline={
            "invoke-orders": document(
                allow("lambda:InvokeFunction", arn("lambda", "function:orders-api"), sid="InvokeOrders")
            )
        },
        description="EventBridge Scheduler: wakes the orders API",
        tags={"team": "ferry"},
    ),
    SeedRole(
        "legacy-ftp-sync",
        "/legacy/",
        service_trust("ec2.amazonaws.com"),
        ago(days=2450),
        None,
        (AWS + "AmazonS3FullAccess",),
    ),
    SeedRole(
        "ReportExporter",
        "/",
        service_trust("states.amazonaws.com"),
        ago(days=400),
        ago(days=33),
        (policy_arn("report-export"),),
    ),
)

PEOPLE: tuple[SeedRole, ...] = (
    SeedRole(
        "saml-admin",
        "/human/",
        document(
            trust(
                {"Federated": _SAML_PROVIDER},
                "sts:AssumeRoleWithSAML",
                StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
            )
        ),
        ago(days=900),
        ago(days=1),
        (AWS + "AdministratorAccess",),
        description="Administrators, through the company's identity provider",
        tags={"team": "platform"},
        max_session=14400,
    ),
    SeedRole(
        "break-glass-admin",
        "/human/",
        document(
            trust(
                {"AWS": ROOT},
                Bool={"aws:MultiFactorAuthPresent": "true"},
                NumericLessThan={"aws:MultiFactorAuthAge": "900"},
            )
        ),
        ago(days=880),
        ago(days=202),
        (AWS + "AdministratorAccess",),
        description="For emergencies only: its use pages the on-call engineer",
        tags={"alert": "page"},
    ),
    SeedRole(
        "project-developer",
        "/human/",
        document(trust({"AWS": ROOT}, ("sts:AssumeRole", "sts:TagSession"))),
        ago(days=210),
        ago(days=2),
        (policy_arn("abac-project"),),
        boundary=BOUNDARY,
        description="Developers: what carries their session's project tag",
    ),
    SeedRole(
        "platform-operator",
        "/human/",
        document(trust({"AWS": ROOT}, StringEquals={"aws:PrincipalTag/team": "platform"})),
        ago(days=250),
        ago(hours=5),
        (policy_arn("operate-all-but-identity"),),
        description="Operators of the platform team",
        tags={"team": "platform"},
    ),
    SeedRole(
        "release-manager",
        "/human/",
        document(trust({"AWS": ROOT})),
        ago(days=245),
        ago(days=1),
        inline={
            "release": document(
                allow(("ecs:*Service", "ecs:RegisterTaskDefinition"), "*", sid="ReleaseServices"),
                allow(
                    "iam:PassRole",
                    role_arn("app/*"),
                    sid="PassApplicationRoles",
                    StringEquals={"iam:PassedToService": "lambda.amazonaws.com"},
                ),
            )
        },
        description="Releases services",
        tags={"team": "platform"},
    ),
    SeedRole(
        "contractor-scoped",
        "/human/",
        document(trust({"AWS": f"arn:aws:iam::{SHARED_TOOLS}:role/broker"})),
        ago(days=120),
        ago(days=3),
        (AWS + "PowerUserAccess",),
        description="Contractors, scoped down by the broker's session policy",
        tags={"team": "platform"},
    ),
)

SERVICE_OWNED: tuple[SeedRole, ...] = (
    SeedRole(
        "AWSServiceRoleForAutoScaling",
        "/aws-service-role/autoscaling.amazonaws.com/",
        service_trust("autoscaling.amazonaws.com"),
        ago(days=815),
        ago(minutes=20),
        (AWS + "aws-service-role/AutoScalingServiceRolePolicy",),
        description="Default Service-Linked Role enables access to AWS Services and Resources used or managed by "
        "Auto Scaling",
    ),
    SeedRole(
        "AWSServiceRoleForECS",
        "/aws-service-role/ecs.amazonaws.com/",
        service_trust("ecs.amazonaws.com"),
        ago(days=300),
        ago(minutes=5),
        (AWS + "aws-service-role/AmazonECSServiceRolePolicy",),
        description="Role to enable Amazon ECS to manage your cluster.",
    ),
    SeedRole(
        "AWSReservedSSO_DataAnalyst_0a1b2c3d4e5f6789",
        "/aws-reserved/sso.amazonaws.com/",
        document(
            trust(
                {"Federated": _SAML_PROVIDER},
                ("sts:AssumeRoleWithSAML", "sts:TagSession"),
                StringEquals={"SAML:aud": "https://signin.aws.amazon.com/saml"},
            )
        ),
        ago(days=360),
        ago(days=4),
        (AWS + "AmazonAthenaFullAccess",),
        max_session=28800,
    ),
    SeedRole(
        "lambda-basic-from-template",
        "/service-role/",
        service_trust("lambda.amazonaws.com"),
        ago(days=25),
        ago(days=2),
        (BASIC_LAMBDA,),
        description="Made for a function by Lambda's console",
        source_template="arn:aws:iam::aws:role-template/lambda/AWSLambdaBasicExecution",
    ),
)

ROLES: tuple[SeedRole, ...] = APPLICATIONS + PIPELINES_AND_JOBS + PEOPLE + SERVICE_OWNED
