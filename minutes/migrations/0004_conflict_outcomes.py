"""What became of a conflict, and that editors settle those over what they edit."""

from django.contrib.auth.management import create_permissions
from django.db import migrations, models

SETTLING = ("view_conflict", "change_conflict")


def let_editors_settle(apps, schema_editor):
    config = apps.get_app_config("minutes")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    allowed = Permission.objects.filter(content_type__app_label="minutes", codename__in=SETTLING)
    for group in Group.objects.filter(name__in=("editor", "curator", "administrator")):
        group.permissions.add(*allowed)


def leave_it_to_curators(apps, schema_editor):
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    allowed = Permission.objects.filter(content_type__app_label="minutes", codename__in=SETTLING)
    for group in Group.objects.filter(name="editor"):
        group.permissions.remove(*allowed)


class Migration(migrations.Migration):
    dependencies = [("minutes", "0003_splits_and_undo")]
    operations = [
        migrations.AddField(
            model_name="conflict",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("mine", "the correction was kept"),
                    ("theirs", "the source was taken"),
                    ("edited", "somebody wrote a third text"),
                ],
                default="",
                max_length=6,
            ),
            preserve_default=False,
        ),
        migrations.AddField(model_name="conflict", name="stood", field=models.JSONField(null=True)),
        migrations.AddField(model_name="conflict", name="became", field=models.JSONField(null=True)),
        migrations.RunPython(let_editors_settle, leave_it_to_curators),
    ]
