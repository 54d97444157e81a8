"""Which documents there are, by their kind."""

from reports.domain import packet_file, record_file, school_file
from reports.domain.kept import Maker

MAKERS: dict[str, Maker] = {
    record_file.KIND: record_file.RECORD,
    packet_file.KIND: packet_file.PACKET,
    school_file.KIND: school_file.SCHOOL,
}
