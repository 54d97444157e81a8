"""The headers of answers that do not pass through Django's middleware: the same protection, from the same settings."""

from django.conf import settings

from esw.core.middleware import PERMISSIONS

Headers = list[tuple[bytes, bytes]]


def plain_headers(**more: str) -> Headers:
    """Headers for an ASGI answer that is data and never a page; `more` names others (`content_type="…"`)."""
    named = {
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "x-frame-options": settings.X_FRAME_OPTIONS,
        "referrer-policy": settings.SECURE_REFERRER_POLICY,
        "cross-origin-opener-policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": PERMISSIONS,
    }
    if settings.SECURE_HSTS_SECONDS and settings.IS_HTTPS:
        named["strict-transport-security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    named |= {name.replace("_", "-"): value for name, value in more.items()}
    return [(name.encode(), value.encode()) for name, value in named.items()]
