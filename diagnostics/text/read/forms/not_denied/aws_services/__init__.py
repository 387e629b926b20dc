"""Rows for answers of AWS services that are no denial, by service."""
