"""How each bundle that ships is made from its data: steps as data, one file a bundle."""
