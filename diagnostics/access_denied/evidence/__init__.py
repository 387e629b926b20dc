"""Evidence on a denial from other sources: AWS's record, CloudTrail, the simulator, other roles."""
