"""What is saved: periods, boundaries, spellings, settings, and the cache of what is derived."""
