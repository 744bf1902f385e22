from django.apps import AppConfig


class MinutesConfig(AppConfig):
    name = "minutes"

    def ready(self) -> None:
        """The index follows every commit that went through the door."""
        from records import door

        from .search.following import follow

        door.after_commit(follow)
