"""The embedded demo account: moto, with what it lacks, seeded with Harbor Logistics' roles."""
