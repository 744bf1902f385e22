from django.contrib.auth.management import create_permissions
from django.db import migrations, models

GROUPS = ("curator", "administrator")


def let_curators_see(apps, schema_editor):
    config = apps.get_app_config("minutes")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    allowed = Permission.objects.filter(codename__in=("view_failedimport", "delete_failedimport"))
    for group in Group.objects.filter(name__in=GROUPS):
        group.permissions.add(*allowed)


class Migration(migrations.Migration):
    dependencies = [
        ("minutes", "0009_theme_evidence"),
    ]

    operations = [
        migrations.CreateModel(
            name="FailedImport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200, unique=True, verbose_name="file")),
                ("reason", models.TextField(verbose_name="why")),
                ("at", models.DateTimeField(auto_now=True, verbose_name="tried")),
            ],
            options={"verbose_name": "failed import", "ordering": ["-at", "pk"]},
        ),
        migrations.RunPython(let_curators_see, migrations.RunPython.noop),
    ]
