"""Making a gallery of people who do not exist of photographs of people who do."""
