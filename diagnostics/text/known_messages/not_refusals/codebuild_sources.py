"""The row for CodeBuild's credentials of a source provider."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

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
