"""Headings of ~/.aws/config that lack the word profile."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.config_sections import sections_without_profile

ROLE = "role_arn = arn:aws:iam::111122223333:role/Audit\nsource_profile = default\n"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"$ cat ~/.aws/config\n[default]\nregion = eu-west-3\n[audit]\n{ROLE}", {"audit"}),
        (f"C:\\Users\\me\\.aws\\config:\n[audit]\n{ROLE}", {"audit"}),
        (f"grep -A4 ops ~/.aws/config\n[profile ops]\n{ROLE}[ops.eu]\n# old\nregion=eu-west-1\n", {"ops.eu"}),
        ("~/.aws/config\n[sso]\nsso_start_url = https://example.awsapps.com/start\n", {"sso"}),
        # Near misses: a heading with the word, the credentials file, a list, another command's output.
        (f"$ cat ~/.aws/config\n[profile audit]\n{ROLE}", set()),
        ("The config profile (audit) could not be found", set()),
        (f"$ cat ~/.aws/credentials\n[audit]\n{ROLE}", set()),
        ("$ cat ~/.aws/config\n[default]\nregion = eu-west-3\n$ cat playbook.ini\n[web]\nregion = x\n", set()),
        ("$ cat ~/.aws/config\n[sso-session corp]\nsso_region = eu-west-1\n[services]\nendpoint = x\n", set()),
    ],
)  # fmt: skip
def test_sections_that_lack_the_word(text: str, names: set[str]) -> None:
    assert sections_without_profile(text) == names
