"""Training of StyleGAN2 (Karras et al. 2020; augmentation for small data: Karras et al. 2020b, ADA)."""
