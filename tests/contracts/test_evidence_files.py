"""Files that prove prices on PostgreSQL: by company and digest, for ever."""

from eosvolt.adapters.postgres.evidence_files import PostgresEvidenceFiles
from eosvolt.application.evidence_files import EvidenceFile
from tests.contracts.side_changes import done

BILL = EvidenceFile(b"%PDF-\x00\xff", "application/pdf")


async def test_a_file_comes_back_as_it_was_kept_to_its_company_alone(database: str) -> None:
    async with PostgresEvidenceFiles(database) as files:
        for _ in range(2):
            await done(database, files.kept(242, BILL))
        assert await files.file(242, BILL.digest) == BILL
        assert await files.file(77, BILL.digest) is None
        assert await files.file(242, "0" * 64) is None
