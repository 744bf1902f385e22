import django.db.models.deletion
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models


def let_curators_invite(apps, schema_editor):
    """As accounts/roles.py has it; and nobody adds conflicts, which imports file."""
    config = apps.get_app_config("accounts")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    inviting = Permission.objects.filter(
        content_type__app_label="accounts", codename__in=("view_invitation", "add_invitation", "change_invitation")
    )
    filing = Permission.objects.filter(content_type__app_label="minutes", codename="add_conflict")
    for group in Group.objects.filter(name__in=("curator", "administrator")):
        group.permissions.add(*inviting)
        group.permissions.remove(*filing)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("minutes", "0006_fruitless"),
        ("people", "0003_account_names_the_person"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token_hash", models.CharField(editable=False, max_length=64, unique=True)),
                (
                    "note",
                    models.CharField(
                        blank=True,
                        help_text="A word for yourself; nobody else sees it.",
                        max_length=150,
                        verbose_name="for whom",
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("reader", "reader"),
                            ("editor", "editor"),
                            ("curator", "curator"),
                            ("administrator", "administrator"),
                        ],
                        default="reader",
                        max_length=20,
                    ),
                ),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="made")),
                ("expires_at", models.DateTimeField(verbose_name="ends")),
                ("used_at", models.DateTimeField(editable=False, null=True, verbose_name="used")),
                ("revoked_at", models.DateTimeField(editable=False, null=True, verbose_name="taken back")),
                (
                    "made_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        help_text="Whom the minutes mean by the invited. Left empty for somebody whom the minutes do not name.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="people.person",
                    ),
                ),
                (
                    "used_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="invitations_used",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "workshops",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Workshops that the invited may read, whatever their visibility.",
                        related_name="+",
                        to="minutes.workshop",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.RunPython(let_curators_invite, migrations.RunPython.noop),
    ]
