from iam.arn import Arn, account_of, linked_service, name_of, resource_of, service_of

ROLE = "arn:aws:iam::111122223333:role/ci/deploy"


def test_an_arn_is_taken_apart_and_put_together() -> None:
    role = Arn.parse(ROLE)
    assert role == Arn("aws", "iam", "", "111122223333", "role/ci/deploy")
    assert (str(role), role.type, role.id, role.name, role.path) == (ROLE, "role", "ci/deploy", "deploy", "/ci/")
    assert str(role.beside("role/x")) == "arn:aws:iam::111122223333:role/x"
    function = Arn.parse("arn:aws:lambda:us-east-1:111122223333:function:resize:live")
    assert function is not None and function.id == "resize:live"
    assert Arn.parse("ci/deploy") is None and Arn.parse("arn:aws:iam::111122223333") is None


def test_a_session_names_its_role() -> None:
    session = Arn.parse_principal("arn:aws:sts::111122223333:assumed-role/deploy/run/7")
    assert session is not None and (session.session_role, session.session_name) == ("deploy", "run/7")
    assert Arn.parse_principal("arn:aws:s3:::bucket") is None


def test_an_entity_is_of_the_type_that_is_asked_for() -> None:
    assert Arn.parse_entity(ROLE, "role") == Arn.parse(ROLE)
    assert Arn.parse_entity(ROLE, "user", "group") is None
    assert Arn.parse_entity("arn:aws:iam::aws:policy/ReadOnlyAccess", "policy") is None
    assert Arn.parse_entity("arn:aws:iam::111122223333:role", "role") is None


def test_what_is_no_whole_arn_is_read_as_far_as_it_goes() -> None:
    assert [name_of(text) for text in (ROLE, "deploy", "arn:aws:sqs:us-east-1:111122223333:jobs")] == [
        "deploy",
        "deploy",
        "jobs",
    ]
    assert (service_of("S3:GetObject"), service_of("arn:aws:s3:::b")) == ("s3", "s3")
    assert (account_of(ROLE), account_of("arn:aws:s3:::b"), account_of("x")) == ("111122223333", None, None)
    assert (resource_of(ROLE), resource_of("deploy")) == ("role/ci/deploy", "deploy")


def test_the_service_of_a_linked_role_is_in_its_path() -> None:
    start = "arn:aws:iam::111122223333:role"
    arns = (
        "/aws-service-role/es.amazonaws.com/AWSServiceRoleForES",
        "/aws-service-role/*",
        "/aws-service-role-x/a.b/c",
    )
    assert [linked_service(f"{start}{each}") for each in arns] == ["es.amazonaws.com", "", ""]
    assert linked_service("deploy") == ""
