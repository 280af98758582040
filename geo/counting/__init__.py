"""From records to counts of people, here or in an engine, where identities end."""
