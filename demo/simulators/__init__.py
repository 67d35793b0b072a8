"""Stand-ins for BBR's file downloads, Dalux FM, EMOData and StatBank that speak the documented protocols over HTTP."""
