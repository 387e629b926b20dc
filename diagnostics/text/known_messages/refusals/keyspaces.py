"""Messages of Amazon Keyspaces."""

from __future__ import annotations

from diagnostics.text.known_messages.refusals.service_sentence import ServiceSentence, UsualCause, no_permission, row
from iam.claims import Ground

KEYSPACES_PASSWORDS: tuple[ServiceSentence, ...] = (
    no_permission(
        "bad credentials",
        r"cassandra\.[\w-]+\.amazonaws\.com[\s\S]{0,2000}?\[Bad credentials\]"
        r"|\[Bad credentials\](?=[\s\S]{0,2000}?cassandra\.[\w-]+\.amazonaws\.com)",
        "Amazon Keyspaces does not accept the service-specific user name and password. No policy was evaluated yet.",
        "The credentials belong to an IAM user (NAME-at-ACCOUNT): compare name and password, check whether they are "
        "active (aws iam list-service-specific-credentials), or reset the password. With the SigV4 plugin of the "
        "driver, access keys and roles work instead.",
        "https://docs.aws.amazon.com/keyspaces/latest/devguide/troubleshooting.connecting.html",
    ),
)

KEYSPACES_USERS: tuple[ServiceSentence, ...] = (
    # Cassandra's protocol has the code 2100 (0x2100) for Unauthorized; IAM decides for Amazon Keyspaces.
    row(
        "has no permissions",
        r"User (?P<user>arn:[\w-]+:(?:iam|sts)::\d{12}:[\w+=,.@/-]*[\w+=@-]) has no permissions",
        "{user} in Amazon Keyspaces",
        "the caller {user} lacks an action of Amazon Keyspaces",
        "Amazon Keyspaces refused {user}: its IAM policies do not allow the call. The message names neither the action "
        "nor the table.",
        UsualCause(
            "If calls to {called} are intended, add {called} to the aws:RequestedRegion condition. Otherwise "
            "connect to the endpoint of {accepted}. Every driver also reads /keyspace/system*: allow "
            "cassandra:Select on it.",
            shown_by=r"\bcassandra\.(?P<called>[a-z]{2}-[a-z-]+-\d)\.(?:[\s\S](?!\bDeny\b)){0,1500}?"
            r"StringEquals\W{1,12}aws:RequestedRegion\W{1,12}(?!(?P=called))(?P<accepted>[a-z]{2}-[a-z-]+-\d)"
            r"(?![\w-]|[\"' ]*,)",
            decides="The policy of {user} allows calls only where aws:RequestedRegion is {accepted}, and the "
            "call went to {called}.",
        ),
        UsualCause(
            "Allow the caller to perform cassandra:Select (and cassandra:Modify to write) on "
            "/keyspace/{keyspace}/table/{table}, and cassandra:Select on /keyspace/system*, which every driver "
            "reads. Check the policy's conditions. A GRANT in CQL has no effect: IAM decides.",
            None,
            shown_by=r"\bkeyspace[\s=:\"'`]+(?P<keyspace>\w+)[^\n]{0,20}\btable[\s=:\"'`]+(?P<table>\w+)",
            decides="Amazon Keyspaces refused {user}: its IAM policies do not allow the call. The message names "
            "neither the action nor the table.",
        ),
        UsualCause(
            "Allow the caller to perform cassandra:Select (and cassandra:Modify to write) on "
            "/keyspace/NAME/table/NAME, and cassandra:Select on /keyspace/system*, which every driver reads. "
            "Check the policy's conditions. A GRANT in CQL has no effect: IAM decides.",
            needs=("cassandra:Select",),
        ),
        page="https://docs.aws.amazon.com/keyspaces/latest/devguide/security_iam_id-based-policy-examples.html",
        cause="identity.no-action",
        ground=Ground.LIKENESS,
    ),
)
