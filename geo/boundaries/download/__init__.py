"""Boundary layers fetched from their publishers, when the user asks for it."""
