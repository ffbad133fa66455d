"""Faces with what the attribute models and the discriminator say of them, and questions about them."""
