"""Names that code for ML Launchpad imports from here."""

from mllaunchpad._data import Sink as DataSink
from mllaunchpad._data import Source as DataSource
from mllaunchpad._data import order_columns

__all__ = ["DataSource", "DataSink", "order_columns"]
