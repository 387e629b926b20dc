"""Rows for CodeCommit and CodeBuild: the helper of git, triggers, builds."""

from __future__ import annotations

import re

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

CODECOMMIT_AND_CODEBUILD: tuple[System, ...] = (
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
)
