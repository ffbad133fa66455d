from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def write_down_the_draws_so_far(apps: Any, schema_editor: Any) -> None:
    """Give every job that drew faces its row, as the site would have when it was asked for."""
    Draw = apps.get_model("lineups", "Draw")
    jobs = apps.get_model("lineups", "Job").objects.filter(kind__in=("generate", "refine"))
    for job in jobs.order_by("created", "id").iterator():
        request = job.request
        if not isinstance(request, dict) or "seed" not in request:
            continue  # nobody goes on from it: its faces cannot be drawn again
        page = apps.get_model("lineups", "Page").objects.filter(job=job).first()
        draw = Draw(
            job=job,
            seed=request["seed"],
            rank=request.get("similarity_page", 1),
            constraints={key: request[key] for key in ("locks", "distance", "adjust") if key in request},
            mean_similarity=page.mean_similarity if page else None,
        )
        if job.kind == "generate":
            _complete_generated(apps, draw)
        else:
            _complete_refined(apps, draw, page)
        draw.save()


def _complete_generated(apps: Any, draw: Any) -> None:
    Face = apps.get_model("lineups", "Face")
    around = Face.objects.filter(lineup=draw.job.lineup_id, pk=draw.job.request["face"]).first()
    if around is None:
        return  # its photograph has been removed, so no page follows it
    reference = around
    if around.kind != "photo":
        suspects = Face.objects.filter(lineup=draw.job.lineup_id, photo__slot=1).order_by("photo__created")
        known = suspects.filter(created__lte=draw.job.created)
        suspect = known.last() or suspects.first()
        if suspect is not None and suspect.recipe.get("bundle") == around.recipe.get("bundle"):
            reference = suspect
    draw.around, draw.reference = around, reference.sha256
    if draw.job.request.get("below") is not None:
        draw.previous = (
            apps.get_model("lineups", "Draw")
            .objects.filter(
                around=around,
                reference=draw.reference,
                seed=draw.seed,
                rank=draw.rank - 1,
                constraints=draw.constraints,
                job__page__isnull=False,
            )
            .order_by("pk")
            .last()
        )


def _complete_refined(apps: Any, draw: Any, page: Any) -> None:
    request = draw.job.request
    people = 1 if request.get("same_person") else len(request.get("faces", ()))
    if page is not None:
        faces = list(page.faces.order_by("position"))
        similarities = [face.similarity for face in faces[people:] if face.similarity is not None]
        draw.mean_similarity = sum(similarities) / len(similarities) if similarities else None
    if people != 1:
        return  # around which of two people a face was drawn was not kept
    if page is not None and faces:
        draw.around = faces[0]
    photograph = apps.get_model("lineups", "Face").objects.filter(pk=request["faces"][0]).first()
    refinement = apps.get_model("lineups", "Refinement").objects.filter(job=draw.job).first()
    if photograph is not None:
        draw.reference = photograph.sha256
    elif refinement is not None:
        draw.reference = refinement.crops[0]


class Migration(migrations.Migration):
    dependencies = [
        ("lineups", "0003_refinements"),
    ]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="request",
            field=models.JSONField(help_text="What was asked for (see lineups.requests)."),
        ),
        migrations.AlterField(
            model_name="workerstatus",
            name="abilities",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="What may be asked of its bundle (see lineups.capabilities).",
            ),
        ),
        migrations.CreateModel(
            name="Draw",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="SHA-256 of the picture that its faces are compared with.",
                        max_length=64,
                    ),
                ),
                ("seed", models.BigIntegerField()),
                ("rank", models.PositiveIntegerField(help_text="1 is the page nearest to the input.")),
                ("constraints", models.JSONField(default=dict, help_text="What was asked of the faces.")),
                (
                    "mean_similarity",
                    models.FloatField(
                        help_text="Of the faces that were drawn, reconstructions left out; null: none yet.",
                        null=True,
                    ),
                ),
                (
                    "around",
                    models.ForeignKey(
                        help_text="Whom its faces were drawn around: of a refinement its reconstruction, "
                        "once it is made.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="draws",
                        to="lineups.face",
                    ),
                ),
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="draw", to="lineups.job"
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        help_text="The draw that it goes on from and stays below.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="following",
                        to="lineups.draw",
                    ),
                ),
            ],
            options={"ordering": ("pk",)},
        ),
        migrations.RunPython(write_down_the_draws_so_far, migrations.RunPython.noop),
    ]
