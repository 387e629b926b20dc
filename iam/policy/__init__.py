"""The IAM policy language: documents, matching, conditions, evaluation and explanation. Knows nothing of boto3."""
