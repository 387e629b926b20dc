"""Evidence about a denial from other sources: AWS's record, CloudTrail, the policy simulator, other roles."""
