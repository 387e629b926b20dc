"""Rows for workflows of GitHub whose action configure-aws-credentials found no credentials."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault

_OF_A_FORK = r"\bfrom (?:[\w'’]+ ){0,3}forks?\b"
FROM_FORKS = (
    r"(?<!no )(?<!not )(?<!not a )(?<!n't a )\b(?:PRs?|pull[- ]requests?|runs?)\b(?! (?:not|never))[^.\n]{0,25}"
    rf"{_OF_A_FORK}"
    rf"|\bpull_request\b[^.\n]{{0,25}}{_OF_A_FORK}"
    r"|\bfork(?:ed)?(?:'s)? (?:PRs?|pull[- ]requests?)\b(?![^.\n]{0,20}\b(?:work|pass|succeed))"
)
"""Words that say that the run is for a pull request of a fork."""
BY_DEPENDABOT = (
    r"\b(?:PRs?|pull[- ]requests?|runs?|branch(?:es)?|checks?)\b(?! not\b)[^.\n]{0,30}\b(?:by|of|from) dependabot\b"
    r"|\bdependabot(?:\[bot\])?(?:['’]s)? (?:PRs?|pull[- ]requests?|runs?|branch(?:es)?)\b"
    r"(?![^.\n]{0,20}\b(?:works?|pass(?:es)?|succeeds?|merged|was merged)\b)"
    r"|\bactor\W{1,4}dependabot|\brefs/heads/dependabot/"
)
"""Words that say that Dependabot started the run."""

WITHOUT_INPUTS: tuple[CredentialFault, ...] = (
    # The README of configure-aws-credentials, "OIDC" (https://github.com/aws-actions/configure-aws-credentials).
    # GitHub Docs, "Events that trigger workflows", pull_request: runs for forks get a read-only token and no secrets
    # (https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request).
    fault(
        r"please check your action inputs",
        "GitHub gives a run for a fork's pull request neither an identity token nor secrets, whatever its permissions "
        "say: AWS was not called, and no policy was read.",
        "Run the steps that need AWS outside the fork's run",
        "# after a review: on a branch of this repository, or in a workflow on pull_request_target with an\n"
        "# environment that asks for approval (it must not run the fork's code unchecked)",
        check=None,
        speaker=FROM_FORKS,
    ),
    # GitHub Docs, "Troubleshooting Dependabot on GitHub Actions": Actions secrets are not available to workflows that
    # Dependabot starts, and GITHUB_TOKEN is read-only unless the workflow sets permissions
    # (https://docs.github.com/en/code-security/dependabot/troubleshooting-dependabot/troubleshooting-dependabot-on-github-actions).
    fault(
        r"please check your action inputs",
        "A workflow that Dependabot starts gets no Actions secrets, so the inputs with the keys are empty: AWS was not "
        "called, and no policy was read.",
        "Add the secrets to the repository's Dependabot secrets, or skip the AWS step for Dependabot",
        "# gh secret set NAME --app dependabot\n"
        "# or on the step: if: github.actor != 'dependabot[bot]'\n"
        "# or assume a role with OIDC instead of keys: permissions: {id-token: write, contents: read}",
        check=None,
        speaker=BY_DEPENDABOT,
    ),
    fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Let the permission id-token: write apply to this job",
        "# a job's own permissions replace the workflow's\n# a called workflow has at most its caller's permissions",
        check=None,
        speaker=r"id-token[\"']?\s*:\s*[\"']?write",
    ),
    # GitHub, "Reuse workflows": a called workflow gets the secrets that its caller passes on
    # (https://docs.github.com/actions/sharing-automations/reusing-workflows).
    fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Give the step the secrets that its inputs name",
        "# gh secret list, and gh secret list --env ENVIRONMENT, show the names that are set\n"
        "# in the job that calls a reusable workflow:\n# secrets: inherit",
        check=None,
        speaker=r"\A(?![\s\S]*role-to-assume)[\s\S]*?aws-access-key-id[\"']?\s*:\s*\$\{\{\s*secrets\.",
    ),
    fault(
        r"please check your action inputs",
        "GitHub's action configure-aws-credentials found no credentials: AWS was not called, and no policy was read.",
        "Let the job request a token from GitHub, or give the action keys",
        "# in the job, and in the caller of a reusable workflow:\n# permissions: {id-token: write, contents: read}",
        check=None,
    ),
)
