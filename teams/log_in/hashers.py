"""How passwords are kept: Argon2id, at a cost that a whole school can pay at eight in the morning."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ThriftyArgon2(Argon2PasswordHasher):
    """With what OWASP asks for (19 MiB, twice, one lane), where Django takes 100 MiB and eight lanes.

    Sixteen people who log in at the same time then need 0.3 GB and not 1.6 GB, and a tenth of the work. A password
    that was kept at another cost is kept anew when its owner logs in (Django's doing).

    Source: OWASP Password Storage Cheat Sheet, Argon2id.
    """

    memory_cost = 19_456  # KiB
    time_cost = 2
    parallelism = 1
