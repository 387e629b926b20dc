"""Read the profile or keys in a program's own settings. They override those of the shell."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatch

from iam.lazy_pattern import regex

_LONGEST = 20_000
CMDLET = r"(?<![\w$-])[A-Z][a-z]+-[A-Z0-9]+[a-z][A-Za-z0-9]*\b"
_NAME = r"[\"']?(?P<profile>[\w.@+-]{1,64})[\"']?"
# The program, the words by which its settings are recognized, and the command that uses them.
_SETTINGS = tuple(
    (program, regex(settings, re.MULTILINE), regex(command))
    for program, settings, command in (
        (
            # https://dvc.org/doc/user-guide/data-management/remote-storage/amazon-s3
            "DVC",
            rf"\[['\"]?remote[^\]\n]*\][^\[]{{0,400}}?^\s*profile\s*=\s*{_NAME}\s*$",
            r"\bdvc (?:pull|push|fetch|status|gc|import|get)\b",
        ),
        (
            # https://developer.hashicorp.com/terraform/language/backend/s3
            "Terraform's backend",
            rf"\bbackend\s+\"s3\"\s*\{{[^}}]{{0,600}}?\bprofile\s*=\s*{_NAME}",
            r"\b(?:terraform|tofu|terragrunt) init\b|\b(?:configuring|initializing) [\w ]{0,12}[Bb]ackend\b",
        ),
        (
            # A file of -backend-config: https://developer.hashicorp.com/terraform/language/backend
            "Terraform's backend",
            rf"^[ \t]*bucket[ \t]*=[^\n]*\n(?:[ \t]*\w+[ \t]*=[^\n]*\n){{0,8}}?[ \t]*profile[ \t]*=[ \t]*{_NAME}",
            r"\b(?:terraform|tofu|terragrunt) init\b|\b(?:configuring|initializing) [\w ]{0,12}[Bb]ackend\b",
        ),
        (
            # https://registry.terraform.io/providers/hashicorp/aws/latest/docs
            "Terraform's provider",
            rf"\bprovider\s+\"aws\"\s*\{{[^}}]{{0,600}}?\bprofile\s*=\s*{_NAME}",
            r"\b(?:terraform|tofu|terragrunt) (?:plan|apply|destroy|import|refresh)\b",
        ),
        (
            # https://rclone.org/s3/
            "rclone",
            rf"\btype\s*=\s*s3\b[^\[]{{0,400}}?^\s*(?:profile\s*=\s*{_NAME}|access_key_id\s*=\s*(?P<key>\w{{4,}}))",
            r"\brclone\b",
        ),
        (
            # https://getsops.io/docs/usage/identities/amazon-aws-kms/: the profile of a key's entry in the file; it
            # comes before AWS_PROFILE (https://github.com/getsops/sops/pull/680).
            "SOPS",
            rf"\baws_profile[\"']?\s*[:=]\s*{_NAME}",
            r"\bsops\b",
        ),
        (
            # https://s3tools.org/kb/item14.htm
            "s3cmd",
            r"^\s*access_key\s*=\s*(?P<key>\w{4,})[^\[]{0,400}|\.s3cfg\b[\s\S]{0,200}?access_key\s*=\s*(?P<key2>\w{4,})",
            r"\bs3cmd\b",
        ),
        (
            # https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml
            "Serverless",
            rf"^provider:\s*\n(?:[ \t]+[^\n]*\n){{0,12}}?[ \t]+profile:\s*{_NAME}\s*$",
            r"\b(?:serverless|sls)\b",
        ),
        (
            # https://www.pulumi.com/registry/packages/aws/installation-configuration/
            "Pulumi",
            rf"\baws:profile\b[\"']?\s*[:=]?\s*{_NAME}",
            r"\bpulumi\b",
        ),
        (
            # https://boto3.amazonaws.com/v1/documentation/api/latest/reference/core/session.html
            "The script",
            rf"\bSession\([^)]{{0,200}}?\bprofile_name\s*=\s*{_NAME}",
            r"\bpython3?\b|\bboto",
        ),
        (
            # A parameter's default for cmdlets; a profile given as parameter comes before that of the session:
            # https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_parameters_default_values
            # https://docs.aws.amazon.com/powershell/latest/userguide/creds-assign.html
            "PowerShell",
            r"\$PSDefaultParameterValues\b[^\n:]{0,24}?[\"'](?P<cmdlets>[\w*?-]{1,64}):(?:AWS)?ProfileName[\"']\]?"
            rf"[ \t]*[=,][ \t]*{_NAME}",
            CMDLET,
        ),
    )
)
# A profile in the environment of the command itself.
_OVERRIDDEN = regex(r"\bAWS_PROFILE=\S+[^\n]*\b(?:dvc|rclone|terraform|tofu|sls|serverless|pulumi)\b")


@dataclass(frozen=True, slots=True)
class ToolSetting:
    """A program with settings of its own, and the profile or keys that they name.

    ``profile`` is empty if they name keys. ``words`` are the words of the setting, without any key.
    """

    program: str
    profile: str
    words: str


def tool_setting(text: str) -> ToolSetting | None:
    """Return the setting of the program in the text that fixes its credentials; None if the text shows none."""
    text = text[:_LONGEST]
    for program, settings, command in _SETTINGS:
        found = settings.search(text)
        if found is None or not command.search(text) or _OVERRIDDEN.search(text):
            continue
        names = found.groupdict()
        if (default := names.get("cmdlets")) and not _is_for(default, text):
            continue
        profile = names.get("profile") or ""
        last = " ".join(found[0].strip().splitlines()[-1].split())
        return ToolSetting(program, profile, last[:96] if profile else last.partition("=")[0].strip())
    return None


_CMDLET = regex(CMDLET)
_OF_SESSION = regex(r"(?:Set|Get|Clear|Initialize|New)-(?:AWS|DefaultAWS)|Get-STSCallerIdentity")
"""Cmdlets that set or show the session's credentials, and are not the call that failed."""


def _is_for(default: str, text: str) -> bool:
    """Return whether PowerShell's default for cmdlets applies to one of the calls in the text; case is ignored."""
    cmdlets = {each[0] for each in _CMDLET.finditer(text) if not _OF_SESSION.match(each[0])}
    return any(fnmatch(each.lower(), default.lower()) for each in cmdlets)
