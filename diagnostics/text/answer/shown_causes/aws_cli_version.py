"""Name the version of the AWS CLI that does not know the command or option."""

from __future__ import annotations

from diagnostics.text.answer.shown_causes.shown_cause import ShownCause
from iam.lazy_pattern import regex

_CLI = regex(r"\baws-cli/(?P<version>\d+\.\d+\.\d+)")
_NEW_OPTION = regex(r"Unknown options:[^\n]*?(?P<option>--[\w-]+)")
_OF_SSO = regex(r"\baws (?:configure )?sso\b|\bsso-session\b")


def of_the_cli(text: str) -> ShownCause | None:
    """Return which version of the AWS CLI does not know the command, if the text shows the version; else None.

    AWS CLI User Guide, "Configuring IAM Identity Center authentication with the AWS CLI"
    (https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sso.html).
    """
    found = _CLI.search(text)
    if found is None:
        return None
    version, option = found["version"], _NEW_OPTION.search(text)
    what = f" and the option {option['option']}" if option else ""
    if version.startswith("1.") and _OF_SSO.search(text):
        said = "version 1 has no command for IAM Identity Center (sso): install version 2"
    else:
        said = f"most likely it is older than the command{what}, or the command is misspelled: update it first"
    return ShownCause(
        f"The AWS CLI in the text is {version}, and {said}. AWS was not called, so no permission is missing.",
        "Update the AWS CLI",
        "aws --version shows which one runs; an old installation earlier in PATH hides a newer one (which -a aws). "
        "aws SERVICE help lists the commands that this version knows.",
    )
