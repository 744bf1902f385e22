import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GROUPS = ("editor", "curator", "administrator")
ALLOWED = ("view_report", "change_report", "view_statement", "add_statement", "change_statement")


def let_editors_settle(apps, schema_editor):
    config = apps.get_app_config("minutes")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    allowed = Permission.objects.filter(content_type__app_label="minutes", codename__in=ALLOWED)
    for group in Group.objects.filter(name__in=GROUPS):
        group.permissions.add(*allowed)


class Migration(migrations.Migration):
    dependencies = [
        ("minutes", "0006_fruitless"),
        ("people", "0003_account_names_the_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("name", models.CharField(blank=True, max_length=200)),
                ("seen", models.PositiveIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("sender", models.CharField(blank=True, db_index=True, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("corrected", "put right"),
                            ("stated", "a statement stands beside the words"),
                            ("kept", "the words stay as they are"),
                        ],
                        max_length=9,
                    ),
                ),
                ("settled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="people.person",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reports", to="minutes.turn"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "public_id",
                    models.CharField(editable=False, max_length=10, unique=True, verbose_name="permanent id"),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "origin",
                    models.CharField(
                        choices=[("rule", "read by rule"), ("person", "set by a person")],
                        default="rule",
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("retired_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("retired_reason", models.CharField(blank=True, editable=False, max_length=300)),
                (
                    "retired_by",
                    models.CharField(
                        blank=True,
                        choices=[("rule", "read by rule"), ("person", "set by a person")],
                        editable=False,
                        max_length=6,
                    ),
                ),
                ("first_line", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("last_line", models.PositiveIntegerField(blank=True, editable=False, null=True)),
                ("text", models.TextField()),
                ("date", models.DateField(blank=True, help_text="When the person said so.", null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="people.person"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="minutes.source",
                    ),
                ),
                (
                    "turn",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="statements", to="minutes.turn"
                    ),
                ),
                (
                    "workshop",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(class)ss",
                        to="minutes.workshop",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement of correction",
                "verbose_name_plural": "statements of correction",
                "ordering": ["turn", "date", "pk"],
            },
        ),
        migrations.RunPython(let_editors_settle, migrations.RunPython.noop),
    ]
