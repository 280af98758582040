"""What became of every row of an import, and the spellings to confirm."""
