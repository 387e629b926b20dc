"""What a change to policies newly allows and denies, for one principal and for everyone that it affects."""
