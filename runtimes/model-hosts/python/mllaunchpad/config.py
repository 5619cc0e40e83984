"""Names that code for ML Launchpad imports from here."""

from mllaunchpad._project import get_validated_config, get_validated_config_str

__all__ = ["get_validated_config", "get_validated_config_str"]
