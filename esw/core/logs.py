"""What goes into the log, and how much of it."""

import logging


class OneLine(logging.Filter):
    """Leave out where in the code it happened, for what says nothing about our code."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True
