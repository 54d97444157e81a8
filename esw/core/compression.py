"""Compress text, and never a picture or a PDF.

They gain nothing from gzip, and Django gzips an asynchronous stream chunk by chunk into members of which
browsers read the first alone: a page image of more than one chunk would arrive cut off.
"""

from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXT = ("text/", "application/json", "application/javascript", "image/svg+xml")


class TextGZipMiddleware(GZipMiddleware):
    """Django's, which also makes the length of what it compresses hard to learn from (BREACH), for text alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith(TEXT):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
