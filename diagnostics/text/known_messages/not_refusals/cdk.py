"""Rows for the AWS CDK: credentials, accounts, policy statements."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import NONE_MISSING, System, documented, made_system

CDK_CREDENTIALS: tuple[System, ...] = (
    made_system(
        "the CDK's credentials",
        "Sign in, or name a profile (--profile, AWS_PROFILE), and check whether aws sts get-caller-identity works with "
        f"it in the same shell. {NONE_MISSING}",
        r"Unable\s+to\s+resolve\s+AWS\s+account\s+to\s+use",
        "resolve aws account to use",
        verdict="The CDK found no AWS credentials that work, and the stack's env names no account: it has made no call "
        "for the stack yet.",
        title="Give the CDK credentials",
    ),
)
_OTHER_ACCOUNT = (
    r"Need\s+to\s+perform\s+AWS\s+calls\s+for\s+account\s+\d{12},\s+but\s+the\s+current\s+credentials\s+are\s+for"
)
_FAULTY_CDK = r"(?<![\d.])2\.163\.0(?![\d.]*\d)"

CDK_ACCOUNTS_AND_STATEMENTS: tuple[System, ...] = (
    # AWS CDK issue 31845, "Cross-account deployments are failing in v2.163.0"
    # (https://github.com/aws/aws-cdk/issues/31845).
    made_system(
        "the CDK CLI",
        "Use 2.162.1 or a later release that corrects it (npm install -g aws-cdk@VERSION), and name the version where "
        "the CLI is installed: an unpinned installation changes by itself. Most likely no permission is missing: "
        "change no trust policy and no bootstrap for this.",
        rf"(?=[\s\S]*{_FAULTY_CDK}){_OTHER_ACCOUNT}|{_FAULTY_CDK}[\s\S]*?{_OTHER_ACCOUNT}",
        "perform aws calls for account",
        verdict="Most likely a defect of version 2.163.0 of the CDK CLI: its check of the bootstrap version uses the "
        "wrong credentials when it deploys to another account.",
        title="Use another version of the CDK CLI",
        sure=False,
    ),
    # AWS CDK CLI, sdk-provider.ts: what it prints without credentials for the stack's account
    # (https://github.com/aws/aws-cdk-cli).
    made_system(
        "the account of the CDK's credentials",
        "Call the CDK with a profile of account {name} (--profile, AWS_PROFILE). If a different account was "
        "intended, correct the stack's env. If credentials of one account should deploy to another account, bootstrap "
        "the other account with --trust, and check whether the caller is allowed sts:AssumeRole on its cdk-* roles. If "
        "that is done and an earlier version of the CDK CLI worked, go back to that version.",
        _OTHER_ACCOUNT,
        "perform aws calls for account",
        unless=_FAULTY_CDK,
        subject=r"AWS\s+calls\s+for\s+account\s+(\d{12})",
        verdict="The stack's env names account {name}, but the credentials belong to a different account, and the CDK "
        "has taken on no role of {name} for this call.",
        title="Use credentials of the stack's account",
        sure=False,
    ),
    # AWS CDK, PolicyDocument.validateForIdentityPolicy and validateForResourcePolicy
    # (https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/aws-iam/lib/policy-document.ts); IAM User Guide,
    # "Identity-based policies and resource-based policies"
    # (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_identity-vs-resource.html).
    documented(
        "a Principal in a policy of a role",
        "The policy of a role, user or group must not have a Principal: remove principals from the PolicyStatement, or "
        "add the statement to the resource's policy (addToResourcePolicy). CDK did not call AWS.",
        "If the role itself is meant to get the permission, remove principals from the statement. If others are meant "
        "to get it, put the statement into the policy of the bucket, queue, key or repository. Who may assume the role "
        "is set in assumedBy or assumeRolePolicy.",
        "A PolicyStatement used in an identity-based policy cannot specify any IAM principals",
        title="Remove the principals, or add the statement to the resource",
    ),
    documented(
        "a statement without a resource",
        "The PolicyStatement of a role, user or group lacks resources: name them, or write * where the action supports "
        "no single resource. CDK did not call AWS.",
        "A trust policy has no resources: who may assume the role belongs to assumedBy or assumeRolePolicy, not to "
        "addToPolicy.",
        "A PolicyStatement used in an identity-based policy must specify at least one resource",
        title="Add resources to the statement",
    ),
    documented(
        "a resource policy without a principal",
        "The PolicyStatement of a resource's policy lacks principals: name who is allowed. CDK did not call AWS.",
        "In the policy of a bucket, queue, key or repository, each statement needs principals; for an AWS service, a "
        "ServicePrincipal with a condition on aws:SourceArn or aws:SourceAccount.",
        "A PolicyStatement used in a resource-based policy must specify at least one IAM principal",
        title="Add principals to the statement",
    ),
    documented(
        "a statement without an action",
        "The PolicyStatement has neither actions nor notActions: add its actions. CDK did not call AWS.",
        "A list of actions that is filled later, or by a condition in the code, may be empty.",
        "A PolicyStatement must specify at least one 'action' or 'notAction'",
        title="Add actions to the statement",
    ),
)
