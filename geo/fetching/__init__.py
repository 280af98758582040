"""Downloading boundaries from known sources: resumed, checked, written whole."""
