from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GROUPS = ("editor", "curator", "administrator")


def let_editors_see(apps, schema_editor):
    config = apps.get_app_config("minutes")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    allowed = Permission.objects.filter(codename__in=("view_fruitlessquery", "delete_fruitlessquery"))
    for group in Group.objects.filter(name__in=GROUPS):
        group.permissions.add(*allowed)


class Migration(migrations.Migration):
    dependencies = [
        ("minutes", "0005_readers"),
    ]

    operations = [
        migrations.CreateModel(
            name="FruitlessQuery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "text",
                    models.CharField(
                        help_text="The query in its canonical form.",
                        max_length=100,
                        unique=True,
                        verbose_name="searched for",
                    ),
                ),
                ("count", models.PositiveIntegerField(default=1, verbose_name="times")),
                ("first", models.DateField(auto_now_add=True, verbose_name="first on")),
                ("last", models.DateField(auto_now=True, verbose_name="last on")),
            ],
            options={
                "verbose_name": "search without result",
                "verbose_name_plural": "searches without result",
                "ordering": ["-count", "-last", "pk"],
            },
        ),
        migrations.RunPython(let_editors_see, migrations.RunPython.noop),
    ]
