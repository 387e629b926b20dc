"""Rows for AWS CodeBuild: sources, output buckets, docker, the limit of builds."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

CODEBUILD_BUILDS: tuple[System, ...] = (
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
)
CODEBUILD_SOURCES: tuple[System, ...] = (
    # AWS CodeBuild User Guide, "Troubleshooting AWS CodeBuild".
    made_system(
        "CodeBuild's credentials of the source provider",
        "Connect the project to the source provider again (aws codebuild list-source-credentials), and check that this "
        "account of the provider sees the repository. If the source is CodeCommit or a connection, also check what the "
        "project's service role is allowed to do (codecommit:GitPull, codeconnections:UseConnection).",
        r"authorization\s+failed\s+for\s+primary\s+source",
        "authorization failed for primary source",
        unless=r"codecommit|code(?:star-)?connections",
        sure=False,
    ),
)
