"""The stages that build the bilingual encoder: one subject a module, driven by ``build.py``."""
