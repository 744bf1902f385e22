"""`derive`: rendered text and topics found by rule, made anew for every record."""

from django.core.management.base import BaseCommand
from django.db import transaction

from minutes import deriving
from minutes.models import Workshop
from records.door import writing


class Command(BaseCommand):
    help = "Makes everything anew that is derived from the words of the minutes; needed after an upgrade."

    def handle(self, **options):
        workshops = Workshop.objects.all()
        for workshop in workshops:
            with writing(), transaction.atomic():
                deriving.derive(deriving.records_of(workshop))
        self.stdout.write(f"{len(workshops)} workshops derived anew")
