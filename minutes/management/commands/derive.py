"""`derive`: topics found by rule, and texts that older rules rendered, made anew."""

from django.core.management.base import BaseCommand

from minutes import deriving
from minutes.models import Workshop
from records.door import writing


class Command(BaseCommand):
    help = "Makes anew what is derived from the words of the minutes; needed after an upgrade."

    def handle(self, **options):
        for workshop in Workshop.objects.all():
            with writing():
                older = deriving.derive_anew(workshop)
            self.stdout.write(f"{workshop}: topics found anew, {older} texts rendered anew")
