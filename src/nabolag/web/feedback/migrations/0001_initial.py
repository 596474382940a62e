"""Reports and attempts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("created_at", models.DateTimeField(auto_now_add=True, db_index=True)),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                ("release", models.CharField(max_length=64)),
                ("level", models.CharField(blank=True, max_length=32)),
                ("area", models.CharField(blank=True, max_length=32)),
                ("indicator", models.CharField(blank=True, max_length=128)),
                ("period", models.CharField(blank=True, max_length=16)),
                ("lang", models.CharField(max_length=2)),
                ("message", models.TextField()),
                ("contact", models.EmailField(blank=True, max_length=254)),
            ],
            options={
                "ordering": ("created_at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sender", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["sender", "at"], name="feedback_attempt_sender_at")
                ],
            },
        ),
    ]
