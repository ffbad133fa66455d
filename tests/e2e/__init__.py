"""Tests in a real browser against a site that runs."""
