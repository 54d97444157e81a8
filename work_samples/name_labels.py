"""What is printed before something that tells who a student is, as a table: a kind, and the words in many languages.

Written small and without accents, as `names.plain` makes them; one a place between bars. Adding a language is adding
words. A word in `EVERYDAY` begins many a sentence too, so it counts only before a colon or a line, or alone.
"""

_TABLE = {
    "name": """
        name | names | my name | your name | full name | first name | last name | surname | student | student name
        students name | name of student | author | by | written by | partner | partners
        nombre | mi nombre | nombre completo | nombre y apellido | nombre y apellidos | apellido | apellidos
        alumno | alumna | estudiante | nom | prenom | nom et prenom | nom de famille | eleve | mon nom
        vorname | nachname | schuler | schulerin | nome | cognome | nome completo | aluno | aluna | sobrenome
        imie | nazwisko | imie i nazwisko | naam | ad | adi | ad soyad | non | siyati | ten | ho va ten | ho ten
        pangalan | имя | фамилия | имя и фамилия | прізвище | 姓名 | 名前 | 氏名 | 이름 | 성명 | الاسم | اسم | שם
    """,
    "date": """
        date | todays date | birthday | date of birth | fecha | fecha de nacimiento | date de naissance | datum | data
        geburtsdatum | ngay | petsa | dat | tarih | дата | 日期 | 日付 | 날짜 | التاريخ
    """,
    "class": """
        class | period | per | hour | block | section | homeroom | room | grade | group | seat | no
        student id | id | id number | clase | periodo | grado | grupo | seccion | salon | hora | curso | numero
        numero de lista | classe | groupe | niveau | klasse | stunde | turma | klasa | lop | sinif | klas
        класс | клас | 班级 | 班 | 学号 | クラス | 組 | 番号 | 반 | 번호
    """,
    "teacher": """
        teacher | teachers name | teacher name | instructor | professor | maestro | maestra | profesor | profesora
        docente | enseignant | enseignante | professeur | maitresse | lehrer | lehrerin | lehrkraft | insegnante
        professora | nauczyciel | giao vien | guro | учитель | 老师 | 先生 | 선생님
    """,
    "school": """
        school | school name | escuela | ecole | schule | scuola | escola | szkola | truong
    """,
}

_EVERYDAY = """
    by | ad | non | no | per | data | dat | hour | block | room | group | ten | id | author | hora | section
    seat | school | student | partner | partners | date | name | names | class | grade | period | teacher | classe
    nom | nome | clase | curso
"""


def _listed(block: str) -> list[str]:
    return [word.strip() for line in block.splitlines() for word in line.split("|") if word.strip()]


KIND_OF = {label: kind for kind, block in _TABLE.items() for label in _listed(block)}
EVERYDAY = frozenset(_listed(_EVERYDAY))
KINDS = frozenset(_TABLE)
LONGEST = max(len(label.split()) for label in KIND_OF)
