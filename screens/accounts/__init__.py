"""The account list of an organization: choose the account that the screens show."""
