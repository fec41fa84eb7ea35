"""The frame: pages by section, the scope bar; runs the chosen page."""

from decade.ui.frame import run

run()
