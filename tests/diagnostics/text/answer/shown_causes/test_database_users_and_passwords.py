"""A listing of a database's users shows who is not set up for IAM; a program without credentials makes no token."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text
from tests.support.texts.answers import answer_to

REFUSED = 'FATAL:  password authentication failed for user "orders_app"'
TOKEN = "PGPASSWORD=$(aws rds generate-db-auth-token --hostname db.c1.eu-west-1.rds.amazonaws.com ...)"
MEMBERS = """ Role name  | Attributes | Member of
------------+------------+-----------
 orders_app |            | {%s}
"""
MYSQL = "ERROR 1045 (28000): Access denied for user 'orders_app'@'10.0.3.9' (using password: YES)"
PLUGINS = "| user | host | plugin |\n| root | %% | mysql_native_password |\n| orders_app | %% | %s |"


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        (f"{TOKEN}\n{REFUSED}\napp=> \\du\n{MEMBERS % 'pg_read_all_data'}", "GRANT rds_iam TO orders_app;"),
        (f"{REFUSED}\nrds-db:connect is allowed on every user\n{MEMBERS % ''}", "GRANT rds_iam TO orders_app;"),
        (f"{TOKEN}\n{MYSQL}\n{PLUGINS % 'caching_sha2_password'}", "AWSAuthenticationPlugin AS 'RDS'"),
    ),
)
def test_a_listing_of_users_shows_who_is_not_set_up_for_iam(text: str, wanted: str) -> None:
    assert wanted in answer_to(text)
    assert "orders_app" in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    "text",
    (
        f"{TOKEN}\n{REFUSED}\n{MEMBERS % 'app,rds_iam'}",
        f"{TOKEN}\n{REFUSED}\n{MEMBERS % 'staff'} staff | | {{rds_iam}}",
        f"{TOKEN}\n{REFUSED}\n{MEMBERS % 'staff'} orders_app | | rds_iam",
        f"{TOKEN}\n{REFUSED}\n{(MEMBERS % '').replace('orders_app', 'billing_x')}",
        f"{TOKEN}\n{MYSQL}\n{PLUGINS % 'AWSAuthenticationPlugin'}",
    ),
)
def test_a_user_that_is_set_up_leaves_the_causes_open(text: str) -> None:
    assert collect_offline(read_text(text)[0]).verdict.summary.startswith("The database refused the sign-in")


def test_membership_through_an_unknown_role_is_left_open() -> None:
    text = f"{TOKEN}\n{REFUSED}\n{MEMBERS % 'app_rw'}"
    assert "(unless it is one through app_rw)" in collect_offline(read_text(text)[0]).verdict.summary


@pytest.mark.parametrize(
    ("first", "said", "without"),
    [
        ("Unable to load credentials from any of the providers in the chain", "(using password: NO)", True),
        ("Unable to load credentials from any of the providers in the chain", "(using password: YES)", False),
        ("connecting", "(using password: NO)", False),
    ],
)
def test_a_program_without_credentials_makes_no_token(first: str, said: str, without: bool) -> None:
    text = (
        f"Caused by: software.amazon.awssdk.core.exception.SdkClientException: {first}\n"
        f"java.sql.SQLException: Access denied for user 'app'@'10.0.0.3' {said}"
    )
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("created no IAM token" in summary) is without


UNTRUSTED = "AccessDeniedException: Untrusted certificate. Insufficient certificate\n"
USAGE = "            X509v3 Key Usage: critical\n                %s\n"
CONSTRAINTS = "            X509v3 Basic Constraints:\n                CA:%s\n"


@pytest.mark.parametrize(
    ("printed", "wanted"),
    (
        (USAGE % "Key Encipherment, Data Encipherment", "its key usage is only Key Encipherment, Data Encipherment"),
        ("edge-7.pem: OK\n" + USAGE % "Key Agreement", "its key usage is only Key Agreement"),
        (USAGE % "Digital Signature" + CONSTRAINTS % "TRUE", "it is a CA's certificate"),
        ("        Version: 1 (0x0)\n    Signature Algorithm: sha256WithRSAEncryption\n", "X.509 version 1"),
        (
            CONSTRAINTS % "FALSE" + "    Signature Algorithm: sha1WithRSAEncryption\n",
            "signed with sha1WithRSAEncryption",
        ),
    ),
)
def test_a_certificate_of_another_form_than_roles_anywhere_requires_is_named(printed: str, wanted: str) -> None:
    assert wanted in answer_to(f"{UNTRUSTED}$ openssl x509 -noout -text -in host.pem\n{printed}")
    assert "does not chain" not in answer_to(UNTRUSTED + printed)


def test_a_fitting_certificate_leaves_the_causes_open_and_a_checked_chain_is_not_denied() -> None:
    fits = USAGE % "Digital Signature, Key Encipherment" + CONSTRAINTS % "FALSE"
    assert "most likely it does not chain" in answer_to(UNTRUSTED + fits)
    assert "openssl verify accepts its chain" in answer_to(f"{UNTRUSTED}/etc/pki/node.crt: OK\n{fits}")
    both = fits + USAGE % "Certificate Sign, CRL Sign" + CONSTRAINTS % "TRUE"
    assert "most likely it does not chain" in answer_to(UNTRUSTED + both)
