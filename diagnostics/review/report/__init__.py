"""The review as text, JSON, Markdown, CSV and SARIF."""
