"""How the nouns of the domain are written as JSON."""
