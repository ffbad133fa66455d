"""A predictor: the attribute models of one bundle."""

from django.db import models


class Predictor(models.Model):
    """What is known of a bundle's attribute models; its faces go by what was known when it was first met."""

    bundle = models.CharField(max_length=64, primary_key=True, help_text="SHA-256 of its bundle.json.")
    reliability = models.JSONField(help_text="By attribute: accuracy, n, measured_on.")
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"Attribute models of {self.bundle[:8]}"
