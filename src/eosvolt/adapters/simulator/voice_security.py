"""What a simulated charger answers about certificates."""

from typing import Any

from ocpp.v16 import call_result

from eosvolt.adapters.simulator.listening import on
from eosvolt.adapters.simulator.memory import Memory


class SecurityVoice:
    """The part of a conversation that is about certificates."""

    _memory: Memory

    @on("InstallCertificate")
    def root_given(self, certificate_type: str, certificate: str) -> object:
        """Somebody wants a root to be trusted."""
        return call_result.InstallCertificate(
            status=self._memory.trust.install(certificate_type, certificate)
        )

    @on("DeleteCertificate")
    def root_dropped(self, certificate_hash_data: dict[str, Any]) -> object:
        """Somebody wants a root to be trusted no longer."""
        return call_result.DeleteCertificate(status=self._memory.trust.delete(certificate_hash_data))

    @on("GetInstalledCertificateIds")
    def roots_asked(self, certificate_type: str) -> object:
        """Somebody wants to know which roots are trusted."""
        found = self._memory.trust.installed(certificate_type)
        if not found:
            return call_result.GetInstalledCertificateIds(status="NotFound")
        return call_result.GetInstalledCertificateIds(status="Accepted", certificate_hash_data=found)

    @on("CertificateSigned")
    def certificate_given(self, certificate_chain: str) -> object:
        """Somebody signed what the charger asked for."""
        status = self._memory.trust.take(certificate_chain)
        if status != "Accepted":
            self._memory.alarm("InvalidChargePointCertificate")
        return call_result.CertificateSigned(status=status)
