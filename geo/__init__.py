"""Jangkau's core: load, match, measure, classify, draw, export. Knows nothing of Streamlit."""
