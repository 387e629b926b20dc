"""Tests of diagnostics.text.answer.error_meanings."""
