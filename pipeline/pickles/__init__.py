"""Arrays out of foreign pickles, without running what they carry."""
