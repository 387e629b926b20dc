"""Rows for the expired tokens of databases and of AWS Marketplace."""

from __future__ import annotations

from diagnostics.text.answer.credentials.credential_fault import CredentialFault, fault
from iam.claims import Ground

MARKETPLACE_AND_DATABASE_TOKENS: tuple[CredentialFault, ...] = (
    # AWS Marketplace Metering Service API Reference, "ResolveCustomer": ExpiredTokenException
    # (https://docs.aws.amazon.com/marketplacemetering/latest/APIReference/API_ResolveCustomer.html).
    fault(
        r"ExpiredToken\w*\)? (?:when calling the |[^\n]{0,60})ResolveCustomer|ResolveCustomer[^\n]{0,200}ExpiredToken",
        "The buyer's registration token has expired (this is not about AWS credentials): redeem the token as soon as "
        "the buyer's browser sends it. No permission is missing.",
        "Redeem the registration token at once",
        "# no command: the buyer starts again from AWS Marketplace, and gets a new token",
        "The page to which AWS Marketplace sends the buyer must call ResolveCustomer at once, and only once for each "
        "token.",
        check=None,
        ground=Ground.LIKENESS,
    ),
    # AWS CLI User Guide, "Environment variables".
    # Amazon Redshift API Reference, "GetClusterCredentials": 900 seconds unless DurationSeconds asks for more
    # (https://docs.aws.amazon.com/redshift/latest/APIReference/API_GetClusterCredentials.html).
    fault(
        r"IAM Authentication token has expired",
        "The database's temporary password has expired: the program fetched a password once and also uses it for new "
        "connections. No permission is missing.",
        "Let the program get a new password for each new connection",
        "# Redshift: GetClusterCredentials with DurationSeconds of up to 3600 (900 unless it asks for more)",
        "A password from GetClusterCredentials is valid for 15 minutes unless the call requests more, and a token from "
        "generate-db-auth-token for 15 minutes. A pool must get a new one for each connection that it opens.",
        check=None,
        ground=Ground.LIKENESS,
    ),
)
