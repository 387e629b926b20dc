"""The parts of a token's subject that a text shows."""

from __future__ import annotations

import pytest

from diagnostics.text.read.identities.token_parts import token_parts

SHOWN = {
    "kubectl -n dns get sa external-dns -o yaml": {"namespace": ("dns",), "account": ("external-dns",)},
    "oc get sa -n ops worker": {"namespace": ("ops",), "account": ("worker",)},
    "pod: payments/web-7d4f sa: web": {"namespace": ("payments",), "account": ("web",)},
    "SA worker in namespace ops": {"namespace": ("ops",), "account": ("worker",)},
    "the service account worker in the cluster": {},
    "service account ops/worker": {"namespace": ("ops",), "account": ("worker",)},
    "trusts system:serviceaccount:ops:worker": {},
    "repo acme/shop, branch main": {"repository": ("acme/shop",), "branch": ("main",)},
    "repo:acme/shop-web:ref:refs/heads/main": {},
    "GITHUB_REF=refs/tags/v1.2": {"tag": ("v1.2",)},
    "tag pipeline v3.2.0 of acme/shop": {"tag": ("v3.2.0",)},
    "the release pipeline (git tag v3.0.1)": {"tag": ("v3.0.1",)},
    "image tag v3.0.1, the tag is missing, a tag of 2 teams": {},
    "Repository acme/shop, Branch main": {"repository": ("acme/shop",), "branch": ("main",)},
    "    environment: prod\n": {"environment": ("prod",)},
    "jobs.release.environment: prod": {"environment": ("prod",)},
    "jobs.release.env: prod": {},
    "    environment:\n      STAGE: prod\n": {},
    "ref refs/pull/88/merge": {"pull": ("pull",)},
    "on: [push, pull_request]": {},
    "on:\n  pull_request:\n  push:\n": {},
    "branch protection is on": {},
    "set it in environment variables, in namespace and pod": {},
    "branch hotfix/12": {"branch": ("hotfix/12",)},
    "deploys to environment prod-eu": {"environment": ("prod-eu",)},
    "CI_PROJECT_PATH=infra/live CI_COMMIT_REF_NAME=main": {"project": ("infra/live",), "ref": ("main",)},
}


@pytest.mark.parametrize(("text", "parts"), SHOWN.items(), ids=SHOWN)
def test_each_part_is_read_where_the_text_shows_it(text: str, parts: dict[str, tuple[str, ...]]) -> None:
    assert token_parts(text) == parts
