"""Fuzzer."""
