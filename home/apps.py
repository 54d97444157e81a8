from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        """Show on a team's page what the rooms between here and there hold."""
        from home.team_page import sections  # noqa: PLC0415 (models exist only now)
        from teams.sections import register  # noqa: PLC0415

        register(sections)
