"""A database that takes an IAM token at one time and not at another: when the sign-in fails names what has ended."""

from __future__ import annotations

import pytest

from diagnostics.diagnose import collect_offline, read_text

POSTGRES = 'FATAL: PAM authentication failed for user "orders" (RDS, IAM authentication)'
MYSQL = "Access denied for user 'orders'@'10.0.3.7' (using password: YES), password from aws rds generate-db-auth-token"
DSQL = "Aurora DSQL, password is a token. unable to accept connection, access denied"


def cause(text: str) -> str:
    (failure,) = read_text(text)
    found = collect_offline(failure)
    return found.first_look[0].cause if found.first_look else found.verdict.summary


@pytest.mark.parametrize("error", [POSTGRES, MYSQL])
@pytest.mark.parametrize(
    "said", ["it happens about twice a day", "sometimes a connection fails", "manchmal klappt es nicht"]
)
def test_a_token_that_is_refused_now_and_then_ended_with_its_signer(error: str, said: str) -> None:
    assert cause(f"{said}\n{error}").startswith("Create a new IAM token for each new connection, with credentials that")


@pytest.mark.parametrize("error", [POSTGRES, MYSQL])
@pytest.mark.parametrize(
    "said",
    [
        "Some hours later every login fails until we restart the pod",
        "a restart helps for an hour",
        "Nach einem Neustart läuft es ein paar Stunden",
    ],
)
def test_a_program_that_works_for_hours_after_a_start_signs_with_old_credentials(error: str, said: str) -> None:
    assert cause(f"{said}\n{error}").startswith("Let the program read its credentials again when they are renewed")


@pytest.mark.parametrize("said", ["after a restart it works for 15 minutes", "it always fails after 15 minutes"])
def test_a_program_that_works_for_minutes_sends_its_first_token_again(said: str) -> None:
    assert cause(f"{said}\n{POSTGRES}").startswith("Let the program create a new IAM token for each new")


@pytest.mark.parametrize("said", ["it never worked", "does it fail sometimes for you?", "we restarted it twice"])
def test_a_sign_in_that_never_worked_may_lack_a_permission(said: str) -> None:
    assert "is missing." not in cause(f"{said}\n{POSTGRES}")


def test_a_saved_token_of_dsql_has_expired() -> None:
    assert cause(DSQL).startswith("Generate a new token and connect with it at once")
    assert "DSQL" not in cause("unable to accept connection, access denied")


@pytest.mark.parametrize(
    "code",
    [
        "url = signer.generate_presigned_url(request, expires_in=43200, region_name='eu-west-3')",
        ".signatureDuration(Duration.ofHours(2)).build(); // presigner for rds-db, the token",
        'query.Set("X-Amz-Expires", "3600")',
        "We set the lifetime of the auth token to 60 minutes.",
    ],
)
@pytest.mark.parametrize("error", [POSTGRES, MYSQL])
def test_a_token_that_is_signed_for_more_than_15_minutes_is_refused(code: str, error: str) -> None:
    assert cause(f"{code}\n{error}\nrds-db:connect is allowed").startswith("Sign the IAM token for at most 15 minutes")


@pytest.mark.parametrize(
    "code",
    [
        "url = signer.generate_presigned_url(request, expires_in=900, region_name='eu-west-3')",
        "db.SetConnMaxLifetime(1 * time.Hour) // the token is made once",
        "aws sts assume-role --duration-seconds 3600, then the token",
        "s3.generate_presigned_url('get_object', expires_in=3600)",
    ],
)
def test_the_lifetime_of_something_else_is_not_the_tokens(code: str) -> None:
    assert "Sign the IAM token for at most" not in cause(f"{code}\n{POSTGRES}")


GO = (
    'token, err := auth.BuildAuthToken(ctx, {}, region, "app", creds)\n'
    'pq: PAM authentication failed for user "app"\nhost: orders.cluster-c9xk.eu-west-1.rds.amazonaws.com{}'
)


@pytest.mark.parametrize(
    ("endpoint", "rest", "said"),
    [
        ("cfg.Host", "", True),
        ('fmt.Sprintf("%s:%d", cfg.Host, 5432)', "", False),
        ("cfg.Endpoint", ":5432", False),
    ],
)
def test_the_endpoint_of_a_token_in_go_has_its_port(endpoint: str, rest: str, said: bool) -> None:
    verdict = collect_offline(read_text(GO.format(endpoint, rest))[0]).verdict.summary
    assert ("takes HOST:PORT" in verdict) is said
    assert verdict.startswith("Most likely the token is signed") is said  # the cause comes before what is not known


@pytest.mark.parametrize(
    "said",
    ["it breaks 12 hours after each start", "restarting the service helps for half a day", "every 12h we lose it"],
)
@pytest.mark.parametrize("service", ["elasticache:Connect is allowed", "MemoryDB user with IAM"])
def test_a_cache_whose_login_works_at_first_needs_new_tokens(said: str, service: str) -> None:
    text = f"{service}\nWRONGPASS invalid username-password pair or user is disabled.\n{said}"
    assert cause(text).startswith("Let the client create a new IAM token for each AUTH and each reconnect")


def test_a_cache_whose_login_never_worked_may_lack_a_permission() -> None:
    text = "ElastiCache user with IAM auth, never worked\nWRONGPASS invalid username-password pair or user is disabled."
    assert "needs elasticache:Connect" in cause(text)


ENGINE = (
    "token = client.generate_db_auth_token(DBHostname=h, Port=3306, DBUsername='orders')\n"
    "engine = create_engine(f'mysql+pymysql://orders:{quote_plus(token)}@{h}/shop', pool_recycle=300)\n"
)
POOL = "const token = await signer.getAuthToken();\nconst pool = new Pool({ user: 'orders', password: token });\n"


@pytest.mark.parametrize("code", [ENGINE, POOL])
@pytest.mark.parametrize("said", ["fails in the middle of a long run", "raised in pool checkout"])
def test_a_pool_that_has_one_token_needs_a_new_one_for_each_connection(code: str, said: str) -> None:
    assert cause(f"{said}\n{MYSQL}\n{code}").startswith("Let the pool create a new IAM token for each physical")


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (f"@event.listens_for(engine, 'do_connect')\n{ENGINE}", "fails in the middle of a long run"),
        (ENGINE, "it never worked"),
        ("engine = create_engine(url)", "fails in the middle of a long run"),
    ],
)
def test_a_pool_without_such_a_token_is_not_blamed(code: str, said: str) -> None:
    assert "Let the pool" not in cause(f"{said}\n{MYSQL}\n{code}")
