"""Known forms of delivery, as data: `[[source]] preset = "nav-ledighet-fylke"`."""

from nabolag.sources.adapters.presets import Preset, preset_named, presets, with_preset

__all__ = ["Preset", "preset_named", "presets", "with_preset"]
