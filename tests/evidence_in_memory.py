"""Files that prove prices, kept in memory."""

from eosvolt.adapters.memory.event_store import Change
from eosvolt.application.evidence_files import EvidenceFile
from eosvolt.application.ports import Alongside


class MemoryEvidenceFiles:
    """Files that prove prices, by company and digest."""

    def __init__(self) -> None:
        self.stored: dict[tuple[int, str], EvidenceFile] = {}

    def kept(self, company: int, file: EvidenceFile) -> Alongside:
        return Change(lambda: self.stored.update({(company, file.digest): file}))

    async def file(self, company: int, digest: str) -> EvidenceFile | None:
        return self.stored.get((company, digest))
