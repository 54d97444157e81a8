"""Which documents there are, by their kind."""

from reports.domain import record_file, school_file
from reports.domain.kept import Maker

MAKERS: dict[str, Maker] = {
    record_file.KIND: record_file.RECORD,
    school_file.KIND: school_file.SCHOOL,
}
