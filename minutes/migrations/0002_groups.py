"""The three groups who edit: each with the permissions that its work needs, and none to delete."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITED = {
    "minutes": ("actionitem", "decision", "theme", "turn", "talk", "session", "note", "link", "day", "exchange"),
    "themes": ("topic", "topiclabel", "recurringtheme"),
}
CURATED = {
    "minutes": ("workshop", "series", "source", "importrun", "contact", "conflict", "change"),
    "people": ("person", "alias"),
}
# Editors choose owners and places among these.
SEEN = {"people": ("person",), "minutes": ("workshop", "series")}
READ_ONLY = ("source", "importrun", "change")


def add_groups(apps, schema_editor):
    for label in ("auth", "people", "themes", "minutes"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    editing = (
        permissions(Permission, EDITED)
        | permissions(Permission, SEEN, ("view",))
        | Permission.objects.filter(codename="read_drafts")
    )
    curating = editing | permissions(Permission, CURATED)
    everything = curating | Permission.objects.filter(content_type__app_label="auth").exclude(
        codename__startswith="delete"
    )
    for name, allowed in (("editor", editing), ("curator", curating), ("administrator", everything)):
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(allowed.distinct())


def permissions(Permission, models, actions=("view", "add", "change")):
    codenames = [
        f"{action}_{model}"
        for names in models.values()
        for model in names
        for action in (("view",) if model in READ_ONLY else actions)
    ]
    return Permission.objects.filter(content_type__app_label__in=models, codename__in=codenames)


def remove_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=("editor", "curator", "administrator")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("minutes", "0001_initial"),
        ("people", "0001_initial"),
        ("themes", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(add_groups, remove_groups)]
