from django.db import migrations


class Migration(migrations.Migration):
    """Which user a person is, stands in the account (accounts.Account.person), which has copied it."""

    dependencies = [
        ("people", "0002_merges"),
        ("accounts", "0001_initial"),
    ]

    operations = [
        migrations.RemoveField(model_name="person", name="user"),
    ]
