"""The row for the own rules of an application."""

from __future__ import annotations

from diagnostics.text.known_messages.not_refusals.system_row import System, made_system

APPLICATIONS: tuple[System, ...] = (
    # Spring Security reference, "Handling exceptions": AccessDeniedException is the application's own
    # (https://docs.spring.io/spring-security/reference/servlet/architecture.html).
    made_system(
        "the application's own rules",
        "Check the roles and authorities that the application gives its user, and the rule of the path or method.",
        r"org\.springframework\.security\.\S*AccessDeniedException",
        "org.springframework.security",
        verdict="The application itself refused its user (Spring Security): no call to AWS was denied.",
        title="Check the application's own roles and rules",
    ),
)
