"""Device management: settings, firmware, uploads, local lists, certificates, protocol violations."""
