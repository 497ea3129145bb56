"""Handles the certificate messages of the OCPP 1.6 security whitepaper on a simulated charger."""

from typing import Any

from ocpp.v16 import call_result

from eosvolt.adapters.simulator.ocpp_routing import on
from eosvolt.adapters.simulator.persistent_state import PersistentState


class CertificateHandlers:
    """The handlers for certificates."""

    _state: PersistentState

    @on("InstallCertificate")
    def root_given(self, certificate_type: str, certificate: str) -> object:
        """InstallCertificate.req (OCPP 1.6 security whitepaper §5.11)."""
        return call_result.InstallCertificate(
            status=self._state.certificates.install(certificate_type, certificate)
        )

    @on("DeleteCertificate")
    def root_dropped(self, certificate_hash_data: dict[str, Any]) -> object:
        """DeleteCertificate.req (OCPP 1.6 security whitepaper §5.3)."""
        return call_result.DeleteCertificate(status=self._state.certificates.delete(certificate_hash_data))

    @on("GetInstalledCertificateIds")
    def roots_asked(self, certificate_type: str) -> object:
        """GetInstalledCertificateIds.req (OCPP 1.6 security whitepaper §5.7)."""
        found = self._state.certificates.installed(certificate_type)
        if not found:
            return call_result.GetInstalledCertificateIds(status="NotFound")
        return call_result.GetInstalledCertificateIds(status="Accepted", certificate_hash_data=found)

    @on("CertificateSigned")
    def certificate_given(self, certificate_chain: str) -> object:
        """CertificateSigned.req (OCPP 1.6 security whitepaper §5.1)."""
        status = self._state.certificates.take(certificate_chain)
        if status != "Accepted":
            self._state.alarm("InvalidChargePointCertificate")
        return call_result.CertificateSigned(status=status)
