"""One module of views a noun."""
