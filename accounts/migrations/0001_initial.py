import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def join(apps, schema_editor):
    """Until now the person named the user."""
    Account = apps.get_model("accounts", "Account")
    for person in apps.get_model("people", "Person").objects.exclude(user=None):
        Account.objects.create(user_id=person.user_id, person=person)


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0002_merges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("confirmed_email", models.EmailField(blank=True, editable=False, max_length=254)),
                ("email_confirmed_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="people.person",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="account",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.RunPython(join, migrations.RunPython.noop),
    ]
