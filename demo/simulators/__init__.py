"""Stand-ins for BBR's file downloads, Dalux FM and StatBank that speak the documented protocols over HTTP."""
