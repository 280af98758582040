"""Outreach: which villages to visit under a budget, in which rounds, and what came of it."""
