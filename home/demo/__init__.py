"""The demo school: its tasks, its student work (drawn, never a real child's) and its people.

``content`` holds the types, ``argument`` and ``fractions`` the two tasks (``TASKS`` in ``home.demo.tasks``),
``people`` the schools, and ``pages.draw`` makes a sample's pages. None of it touches the database.
"""
