"""What a text shows beside another system's refusal decides between the causes that the message leaves open."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

REFUSED = 'FATAL:  password authentication failed for user "orders_app"'
TOKEN = "PGPASSWORD=$(aws rds generate-db-auth-token --hostname db.c1.eu-west-1.rds.amazonaws.com ...)"
MEMBERS = """ Role name  | Attributes | Member of
------------+------------+-----------
 orders_app |            | {%s}
"""
MYSQL = "ERROR 1045 (28000): Access denied for user 'orders_app'@'10.0.3.9' (using password: YES)"
PLUGINS = "| user | host | plugin |\n| root | %% | mysql_native_password |\n| orders_app | %% | %s |"


def said(text: str) -> str:
    """Return the first sentence and the fixes of the answer to a text."""
    answer = collect_offline(read_text(text)[0])
    return "\n".join((answer.verdict.summary, *(f"{each.title}: {each.change}" for each in answer.fixes)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    (
        (f"{TOKEN}\n{REFUSED}\napp=> \\du\n{MEMBERS % 'pg_read_all_data'}", "GRANT rds_iam TO orders_app;"),
        (f"{REFUSED}\nrds-db:connect is allowed on every user\n{MEMBERS % ''}", "GRANT rds_iam TO orders_app;"),
        (f"{TOKEN}\n{MYSQL}\n{PLUGINS % 'caching_sha2_password'}", "AWSAuthenticationPlugin AS 'RDS'"),
    ),
)
def test_a_listing_of_users_shows_who_is_not_set_up_for_iam(text: str, wanted: str) -> None:
    assert wanted in said(text)
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


COLUMN = (
    "COLUMN_NOT_FOUND: line 1:8: Column 'iban' cannot be resolved or requester is not authorized to access requested "
    "resources"
)
QUERY = "select iban from pay.accounts limit 1"


@pytest.mark.parametrize(
    "listing",
    (
        "$ aws glue get-table --database-name pay --name accounts --query 'Table.StorageDescriptor.Columns[].Name'\n"
        "id  iban  opened",
        "as admin: DESCRIBE pay.accounts\nid  string\niban  string",
        "glue get-table as the administrator lists id string, iban string, opened date",
        "DESCRIBE as admin shows: id, iban",
    ),
)
def test_a_column_that_is_listed_needs_a_grant(listing: str) -> None:
    answer = said(f"{QUERY}\nFAILED: {COLUMN}\n\n{listing}")
    assert "The table has the column iban" in answer
    assert '"DatabaseName":"pay","Name":"accounts","ColumnNames":["iban"]' in answer


def test_a_column_that_no_listing_names_may_be_missing() -> None:
    listing = "$ aws glue get-table --database-name pay --name accounts\nid  ibans  opened\n\n$ echo iban"
    assert "the table has no column of that name, or" in said(f"{QUERY}\nFAILED: {COLUMN}\n\n{listing}")


OF_COLLECTION = (
    "Error: elastic: Error 403 (Forbidden): User does not have permissions for the requested resource "
    "[type=authorization_exception]\n"
)
POLICY = (
    '[{"Rules":[{"ResourceType":"index","Resource":["index/docs/*"],"Permission":["aoss:*"]}],'
    '"Principal":["arn:aws:iam::998877665544:role/kb", "%s"]}]\n'
)
CALLER = '$ aws sts get-caller-identity\n{"Arn": "arn:aws:sts::998877665544:assumed-role/ci/run-2"}\n'


def test_the_session_of_a_data_access_policy_is_compared_with_the_callers() -> None:
    principal = "arn:aws:sts::998877665544:assumed-role/ci/run-1"
    assert "name the role, arn:aws:iam::998877665544:role/ci" in said(f"{OF_COLLECTION}{POLICY % principal}{CALLER}")


@pytest.mark.parametrize(
    "principal",
    (
        "arn:aws:iam::998877665544:role/build/ci",
        "arn:aws:sts::998877665544:assumed-role/ci/*",
        "arn:aws:sts::998877665544:assumed-role/ci/run-2",
        "arn:aws:iam::998877665544:role/admin",
    ),
)
def test_a_caller_that_is_named_or_another_role_is_no_other_session(principal: str) -> None:
    assert "name the role" not in said(f"{OF_COLLECTION}{POLICY % principal}{CALLER}")


PUSHED = "aws ec2-instance-connect send-ssh-public-key --instance-id i-0b7e9c2d4f6a8b1c3 --instance-os-user {}\n"


@pytest.mark.parametrize(
    ("pushed", "signs_in", "other"),
    [("ec2-user", "ubuntu", True), ("ubuntu", "ubuntu", False), ("$USER", "ubuntu", False)],
)
def test_a_key_that_was_sent_for_another_user_is_named(pushed: str, signs_in: str, other: bool) -> None:
    text = f"{PUSHED.format(pushed)}{signs_in}@10.20.4.17: Permission denied (publickey).\n"
    assert ("ssh signs in as" in collect_offline(read_text(text)[0]).verdict.summary) is other


@pytest.mark.parametrize(("host", "globally"), [("sts.amazonaws.com", True), ("sts.eu-central-1.amazonaws.com", False)])
def test_the_global_endpoint_of_sts_is_named(host: str, globally: bool) -> None:
    text = f'caused by: Post "https://{host}/": dial tcp 54.239.29.25:443: i/o timeout'
    assert ("global endpoint" in collect_offline(read_text(text)[0]).verdict.summary) is globally


MOUNTED = "$ sudo mount -t efs -o tls,iam fs-0123456789abcdef0:/ /mnt/efs\n"
NOT_WRITTEN = "touch: cannot touch '/mnt/efs/x': Permission denied\n"


@pytest.mark.parametrize(
    ("text", "squashed"),
    [
        (f"{MOUNTED}$ sudo touch /mnt/efs/x\n{NOT_WRITTEN}", True),
        (f"root@ip-10-0-0-5:~# mkdir /mnt/efs/a\nmkdir: cannot create directory: Permission denied\n{MOUNTED}", True),
        (f"{MOUNTED}$ touch /mnt/efs/x\n{NOT_WRITTEN}", False),
        (f"{MOUNTED}$ sudo touch /mnt/efs/x\n{NOT_WRITTEN}the policy has elasticfilesystem:ClientRootAccess", False),
        (f"$ sudo touch /mnt/nfs/x\n{NOT_WRITTEN.replace('efs', 'nfs')}", False),
    ],
)
def test_root_that_efs_treats_as_an_ordinary_user_is_named(text: str, squashed: bool) -> None:
    summary = collect_offline(read_text(text)[0]).verdict.summary
    assert ("EFS treats root as an ordinary user" in summary) is squashed


@pytest.mark.parametrize(
    ("said", "replicates"),
    [
        ("ERROR: must be superuser or replication role to start walsender", True),
        ("FATAL: permission denied to start WAL sender", True),
        ("ERROR: permission denied for table orders", False),
    ],
)
def test_a_user_that_may_not_replicate_is_granted_the_role_of_rds(said: str, replicates: bool) -> None:
    text = f"Caused by: org.postgresql.util.PSQLException: {said}\nhost orders.c1.eu-west-1.rds.amazonaws.com"
    assert ("rds_replication" in collect_offline(read_text(text)[0]).verdict.summary) is replicates


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
    assert ("made no IAM token" in summary) is without


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
    assert wanted in said(f"{UNTRUSTED}$ openssl x509 -noout -text -in host.pem\n{printed}")
    assert "does not chain" not in said(UNTRUSTED + printed)


def test_a_fitting_certificate_leaves_the_causes_open_and_a_checked_chain_is_not_denied() -> None:
    fits = USAGE % "Digital Signature, Key Encipherment" + CONSTRAINTS % "FALSE"
    assert "most likely it does not chain" in said(UNTRUSTED + fits)
    assert "openssl verify accepts its chain" in said(f"{UNTRUSTED}/etc/pki/node.crt: OK\n{fits}")
    both = fits + USAGE % "Certificate Sign, CRL Sign" + CONSTRAINTS % "TRUE"
    assert "most likely it does not chain" in said(UNTRUSTED + both)
