"""Failures of instances, functions, stacks and releases that are not denials.

Each is recognized by AWS's own sentence or code.
"""

from __future__ import annotations

import re

from diagnostics.text.read.forms.system_row import NONE_MISSING, System, made_system

OPERATED_SERVICES: tuple[System, ...] = (
    # AWS CloudFormation Template Reference, "AWS::IAM::Policy": an inline policy, embedded under its PolicyName
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html).
    made_system(
        "the owner of an inline policy's name",
        "Put the environment or the stack into PolicyName (CDK: an iam.Policy with its own policyName, in place of a "
        "grant to an imported role or user), or give each stack its own role or user. Until January 2026, stacks "
        "with the same policy name overwrote each other's policy: compare what the policy allows now. Deleting it "
        "does not help.",
        r"Policy resource was already managed by another stack\b"
        r"|\balready managed by another stack or another resource in the current stack",
        "already managed by another stack",
        flags=re.IGNORECASE,
        verdict="Give this stack's inline policy a PolicyName of its own: another stack or resource already manages an "
        "inline policy of that name on the same role, user or group. No permission is missing.",
        title="Give the inline policy another name in each stack",
    ),
    # Amazon EC2 User Guide, "Configure access to the EC2 Serial Console"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configure-access-to-serial-console.html).
    made_system(
        "the account's setting for the EC2 serial console",
        "An administrator turns it on for the account and Region: aws ec2 enable-serial-console-access (which needs "
        "ec2:EnableSerialConsoleAccess). In an organization a declarative policy may set it. Then the caller needs "
        "ec2-instance-connect:SendSerialConsoleSSHPublicKey.",
        r"\bSerialConsoleAccessDisabledException\b"
        r"|account\s+is\s+not\s+authorized\s+to\s+use\s+the\s+EC2\s+serial\s+console",
        "serialconsoleaccessdisabled",
        "use the ec2 serial console",
        flags=re.IGNORECASE,
        verdict="The EC2 serial console is turned off for this account in this Region: enable it in that Region. No "
                "policy of the caller refused it.",
        title="Turn on the EC2 serial console for the account",
    ),
    made_system(
        "the instance's one serial console session",
        "End the other session, or wait a few seconds after it was closed. The limit of one session cannot be raised.",
        r"\bSerialConsoleSessionLimitExceededException\b"
        r"|instance\s+currently\s+has\s+1\s+active\s+serial\s+console\s+session",
        "serialconsolesessionlimit",
        "active serial console session",
        verdict="Somebody is already connected to the instance's serial console, and only one session is possible at a "
        "time. No permission is missing.",
        title="End the other session",
    ),
    # Amazon EC2 User Guide, "Understand block public access for AMIs"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/block-public-access-to-amis.html).
    made_system(
        "the account's block public access for AMIs",
        "Share the image with accounts, an organization or an OU instead. If it is meant to be public, run aws ec2 "
        f"disable-image-block-public-access in this Region, unless a declarative policy forbids this. {NONE_MISSING}",
        r"block\s+public\s+access\s+for\s+AMIs\s+is\s+enabled",
        "public access for amis is enabled",
        flags=re.IGNORECASE,
        verdict="Block public access for AMIs is on in this account and Region, so nobody can share the image with "
        "everybody. No permission is missing.",
        title="Share the image with named accounts",
    ),
    # Amazon EC2 User Guide, "Spot Instance quotas"
    # (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-spot-limits.html).
    made_system(
        "the account's quota for Spot Instances",
        "In Service Quotas, Amazon EC2, raise “All … Spot Instance Requests” of the instance family. The quota counts "
        "the vCPUs of running instances and open requests in each Region. Or end some of these, or use On-Demand "
        "instances.",
        r"\bMaxSpotInstanceCountExceeded\b",
        "maxspotinstancecountexceeded",
        verdict="The account's quota of Spot Instances in this Region is used up. No permission is missing.",
        title="Raise the quota, or end Spot Instances",
    ),
    # AWS CloudFormation User Guide, "Protect CloudFormation stacks from being deleted"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html).
    made_system(
        "the stack's termination protection",
        "If the stack shall really go: aws cloudformation update-termination-protection --stack-name STACK "
        "--no-enable-termination-protection (for a nested stack on its root stack), then delete it. That needs "
        "cloudformation:UpdateTerminationProtection.",
        r"cannot\s+be\s+deleted\s+while\s+TerminationProtection\s+is\s+enabled",
        "while terminationprotection is enabled",
        subject=r"Stack \[([^\]\s]{1,128})\] cannot be deleted",
        verdict="Termination protection of the stack {name} is on: no permission is missing for the deletion.",
        title="Turn off the stack's termination protection, if it shall be deleted",
    ),
    # Amazon EventBridge API Reference, "DeleteRule": ManagedRuleException
    # (https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeleteRule.html).
    made_system(
        "the service that manages the rule",
        "Change or delete it through the service that made it (ManagedBy in aws events describe-rule). To delete it "
        "all the same: aws events remove-targets and delete-rule with --force; the service may then miss it.",
        r"\bManagedRuleException\b",
        "managedruleexception",
        verdict="An AWS service made this rule and manages it: only that service, or a call with --force, removes it. "
        "No permission is missing.",
        title="Change it through the service that made it",
    ),
    # AWS Systems Manager User Guide, "Troubleshooting Patch Manager"
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager-troubleshooting.html).
    made_system(
        "the mount options of the instance's file system",
        "Mount the file systems of /var/lib/amazon and /var/log/amazon with exec: SSM Agent downloads its scripts to "
        "/var/lib/amazon/ssm and runs them there. AWS refused nothing.",
        r"/var/lib/amazon/ssm/\S+?\.sh:\s+Permission\s+denied",
        "/var/lib/amazon/ssm/",
        flags=re.IGNORECASE,
        verdict="The instance's own system refused to run the agent's script: /var/lib/amazon is most likely mounted "
        "with noexec. No IAM permission is missing.",
        title="Mount /var/lib/amazon with exec",
        sure=False,
    ),
    # AWS Systems Manager User Guide, "Creating Parameter Store parameters": constraints of names
    # (https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html).
    made_system(
        "the parameter's name, which AWS reserves",
        "Choose a name whose first part does not begin with aws or ssm, in any letter case (/app/…). No policy can "
        "allow these names, not even for an administrator.",
        r"No\s+access\s+to\s+reserved\s+parameter\s+name|Parameter\s+name:\s+can't\s+be\s+prefixed\s+with",
        "no access to reserved parameter name",
        "can't be prefixed with",
        subject=r"reserved parameter name: ?([\w./-]*[\w/-])",
        verdict="Parameter Store reserves names that begin with aws or ssm: choose another name for the parameter. No "
        "permission is missing.",
        title="Choose another name",
    ),
    # AWS CodeCommit User Guide, "Troubleshooting git-remote-codecommit"
    # (https://docs.aws.amazon.com/codecommit/latest/userguide/troubleshooting-grc.html).
    made_system(
        "the program git-remote-codecommit",
        "Install it where git runs (pip install git-remote-codecommit), and check that its folder is in PATH: git "
        "remote-codecommit must be found. CodeCommit was not called yet.",
        r"Unable\s+to\s+find\s+remote\s+helper\s+for\s+'codecommit'|'remote-codecommit'\s+is\s+not\s+a\s+git\s+command",
        "remote helper for 'codecommit'",
        "'remote-codecommit' is not a git",
        verdict="git does not find git-remote-codecommit, which addresses with codecommit:// need: install it, or add "
        "its folder to PATH. No permission is missing.",
        title="Install git-remote-codecommit",
    ),
    # AWS CodeCommit API Reference, "PutRepositoryTriggers"
    # (https://docs.aws.amazon.com/codecommit/latest/APIReference/API_PutRepositoryTriggers.html).
    made_system(
        "the Region of the trigger's target",
        "Name a topic or function in the Region of the repository. No permission is missing.",
        r"\bInvalidRepositoryTriggerRegionException\b",
        "invalidrepositorytriggerregion",
        verdict="The trigger's topic or function is in a different Region from the repository: both must be in the "
                "same Region.",
        title="Use a target in the repository's Region",
    ),
    # AWS CodeBuild User Guide, "Troubleshooting AWS CodeBuild"
    # (https://docs.aws.amazon.com/codebuild/latest/userguide/troubleshooting.html).
    made_system(
        "the Region of the build's output bucket",
        "Set an output bucket in the Region of the build project. No permission is missing.",
        r"Failed\s+to\s+upload\s+artifacts:\s+Invalid\s+arn",
        "failed to upload artifacts: invalid arn",
        flags=re.IGNORECASE,
        verdict="The build's output bucket and the build project are most likely in different Regions: CodeBuild "
                "reports that as “Invalid arn”. Use a bucket of the project's Region.",
        title="Use an output bucket of the project's Region",
        sure=False,
    ),
    made_system(
        "the privileged mode of the build",
        "Turn on privileged mode in the project's environment (privilegedMode: true): Docker inside a build needs it. "
        "IAM is not asked.",
        r"Cannot\s+connect\s+to\s+the\s+Docker\s+daemon\b(?=[\s\S]{0,3000}?(?:\bCodeBuild\b|\[Container\]\s20\d\d/))"
        r"|(?:\bCodeBuild\b|\[Container\]\s20\d\d/)[\s\S]{0,3000}?Cannot\s+connect\s+to\s+the\s+Docker\s+daemon\b",
        "cannot connect to the docker daemon",
        verdict="The build has no Docker daemon: the project's environment most likely lacks privileged mode. No "
        "permission is missing.",
        title="Turn on privileged mode for the build project",
        sure=False,
    ),
    # AWS CodeBuild API Reference, "StartBuild": AccountLimitExceededException
    # (https://docs.aws.amazon.com/codebuild/latest/APIReference/API_StartBuild.html).
    made_system(
        "the account's limit of CodeBuild builds",
        "Compare the quota of concurrently running builds for this compute type in Service Quotas, AWS CodeBuild, and "
        "request an increase. If it shows more than {name}, a new account is still limited: ask AWS Support. No policy "
        "helps.",
        r"Cannot\s+have\s+more\s+than\s+\d+\s+builds\s+in\s+queue\s+for\s+the\s+account",
        "builds in queue for the account",
        subject=r"more\s+than\s+(\d+)\s+builds",
        verdict="The account may have {name} CodeBuild builds of this kind at once, which often means a new account's "
        "limit. No permission is missing.",
        title="Have the limit raised",
    ),
    # AWS Lambda Developer Guide, "Troubleshoot deployment issues in Lambda"
    # (https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-deployment.html).
    made_system(
        "the account's concurrency quota in Lambda",
        "Reserve less, or request more “Concurrent executions” in Service Quotas, AWS Lambda: what is not reserved "
        "must stay above the minimum that the message names. New accounts begin with a small quota.",
        r"decreases\s+account's\s+UnreservedConcurrentExecution\s+below\s+its\s+minimum",
        "unreservedconcurrentexecution",
        verdict="The account's concurrency quota in Lambda is too small for this reservation: reserve less, or have "
        "the quota raised. No permission is missing.",
        title="Reserve less, or raise the quota",
    ),
    made_system(
        "the function's environment variables",
        "Remove or rename the variable: Lambda sets names like AWS_REGION and AWS_ACCESS_KEY_ID itself, and your "
        "function can only read them. To pass a Region of your own, use a different variable name. No permission is "
        "missing.",
        r"environment\s+variables\s+you\s+have\s+provided\s+contains\s+reserved\s+keys",
        "contains reserved keys",
        subject=r"Reserved keys used in this request: ?(\w+)",
        verdict="The function's variables contain a name that Lambda reserves: remove or rename it.",
        title="Remove the reserved variable",
    ),
    # AWS CloudFormation API Reference, "StartResourceScan"
    # (https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StartResourceScan.html).
    made_system(
        "the IaC generator's limit of scans",
        "Wait: 10 minutes after a scan that failed, 24 hours after one that failed with more than 100,000 resources, "
        "or until the next day's scans are available.",
        r"\bResourceScanLimitExceededException\b",
        "resourcescanlimitexceeded",
        verdict="CloudFormation starts no resource scan now: the day's number of scans is used up, or a scan failed a "
        "moment ago. No permission is missing.",
        title="Wait, then start the scan again",
    ),
    # Amazon EKS User Guide, "Troubleshoot problems with Amazon EKS clusters and nodes": insufficient capacity; "Subnet
    # requirements" (https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html).
    made_system(
        "the Availability Zones of the cluster's subnets",
        "Create the cluster with subnets in other zones: the message, or the page on EKS's subnet requirements, names "
        "them. No permission is missing.",
        r"Cannot\s+create\s+cluster[^\n]{0,200}?targeted\s+availability\s+zone",
        "targeted availability zone",
        flags=re.IGNORECASE,
        verdict="EKS cannot use one of the Availability Zones of the given subnets: name subnets in other zones.",
        title="Use subnets in other Availability Zones",
    ),
    # AWS Compute Optimizer API Reference: OptInRequiredException
    # (https://docs.aws.amazon.com/compute-optimizer/latest/APIReference/API_GetEC2InstanceRecommendations.html).
    made_system(
        "the account's enrollment in Compute Optimizer",
        "Run aws compute-optimizer update-enrollment-status --status Active in the account (for an organization, in "
        "the management account with --include-member-accounts), then wait up to 24 hours for findings.",
        r"account\s+(?:\d{12}\s+)?is\s+not\s+registered\s+for\s+recommendations?\b"
        r"|\bOptInRequiredException\b[^\n]{0,120}?compute-?optimizer",
        "not registered for recommendation",
        "optinrequiredexception",
        flags=re.IGNORECASE,
        verdict="The account is not enrolled in AWS Compute Optimizer: enroll it. No permission is missing.",
        title="Enroll the account",
    ),
    # Amazon Lightsail API Reference
    # (https://docs.aws.amazon.com/lightsail/2016-11-28/api-reference/API_CreateDistribution.html).
    made_system(
        "the Region of the Lightsail call",
        "Make the call with --region us-east-1. The instances can stay in their Region. No permission is missing.",
        r"[Dd]omain\s+and\s+distribution\s+APIs\s+are\s+only\s+available\s+in\s+the",
        "domain and distribution apis are only available",
        verdict="Lightsail's calls for domains and distributions exist only in us-east-1: call that Region.",
        title="Call us-east-1",
    ),
)  # fmt: skip
