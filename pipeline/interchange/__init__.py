"""Networks of the published StyleGAN2 implementations: read them, write them, never run what they carry."""
