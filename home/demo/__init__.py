"""The demo school: its tasks, its student work (drawn, never a real child's) and its people.

``content`` holds the types, ``argument`` and ``fractions`` the two tasks (``TASKS`` in ``home.demo.tasks``),
``people`` the schools, and ``pages.draw`` makes a sample's pages. None of these touches the database.

``load`` makes the demo school from them, ``scale`` makes much data in its likeness. Both bring drawn pages
(``artist``, ``bring``), staff teams (``staff``, ``groups``) and hold meetings (``meeting``) in a ``room`` that the real
engine runs; how people score is in ``scorers``, what they say in ``phrases``, what the demo's teams met for in
``programme``. ``looks`` are the meetings in which nobody scores, word by word, and ``looking`` holds them.
"""
