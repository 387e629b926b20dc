"""A program's own settings that no policy decides: a Region that is not known, a missing decryption."""

from __future__ import annotations

import pytest

from tests.support.texts.answers import answer_to, causes_in

VECTOR = 'ERROR vector::topology::builder: msg="Healthcheck failed." error=dispatch failure component_type="aws_s3"\n'


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (f"{VECTOR}env:\n  - name: AWS_REGION\n    value: us-esat-1\n", "us-east-1"),
        (f'{VECTOR}[sinks.logs]\ntype = "aws_s3"\nregion = "eu-wst-1"\n', "eu-west-1"),
        ("collector: export failed: request timed out, retrying\nAWS_DEFAULT_REGION=ap-southest-2\n", "ap-southeast-2"),
    ],
)
def test_a_region_that_is_not_known_comes_first(text: str, meant: str) -> None:
    assert f"most likely {meant} is meant" in answer_to(text)


@pytest.mark.parametrize(
    "text",
    [
        f"{VECTOR}env:\n  - name: AWS_REGION\n    value: us-east-1\n",
        f"{VECTOR}region: us-minio-1\nendpoint: http://minio:9000\n",
        "AWS_REGION=us-esat-1 is what I typed, and I corrected it.",
    ],
)
def test_other_regions_are_not_corrected(text: str) -> None:
    assert "is known here" not in answer_to(text)


FLUX = "Secret/{} is SOPS encrypted, configuring decryption is required for this secret to be reconciled"


@pytest.mark.parametrize("secret", ["apps/db", "flux-system/registry"])
def test_flux_decrypts_nothing_without_its_setting(secret: str) -> None:
    answer = answer_to(f"kustomization/apps False {FLUX.format(secret)}\nrole arn:aws:iam::111122223333:role/flux")
    assert "has no spec.decryption" in answer


def test_a_failed_decryption_is_not_a_missing_setting() -> None:
    text = (
        "decryption failed for 'db': cannot get sops data key: AccessDeniedException: User: "
        "arn:aws:sts::111122223333:assumed-role/flux/1 is not authorized to perform: kms:Decrypt on resource: "
        "arn:aws:kms:eu-west-1:111122223333:key/0d4f3c11-91c5-4c0e-9f5e-25c0c7e3f001"
    )
    assert "has no spec.decryption" not in answer_to(text)


NO_ACLS = (
    "An error occurred (AccessControlListNotSupported) when calling the PutObject operation: The bucket does "
    "not allow ACLs\n"
)


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ('AWS_DEFAULT_ACL = "public-read"', "write AWS_DEFAULT_ACL = None"),
        ("'visibility' => 'public'", "remove it"),
        ("aws s3 cp a s3://b/ --acl public-read", "“--acl public-read” sends the ACL"),
        ("canned_acl   authenticated-read", "sends the ACL"),
        ("AWS_DEFAULT_ACL = None", ""),
        ("acl = bucket-owner-full-control", ""),  # a bucket without ACLs accepts this one
    ],
)
def test_the_setting_that_sends_an_acl_is_named(setting: str, said: str) -> None:
    found = causes_in(NO_ACLS + setting)
    assert said in found
    assert ("sends the ACL" in found) is bool(said)
