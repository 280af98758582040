"""Streamlit pieces: each shows one thing and computes nothing."""
