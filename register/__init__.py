"""Register of key figures: one YAML file per key figure and version, read by the loader, the gate and the docs."""
