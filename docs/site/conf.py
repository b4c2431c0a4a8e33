"""How the documentation of the Python package is made: cargo xtask test --only site."""

import passerelle

project = "passerelle"
copyright = "the passerelle authors"
version = release = passerelle.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "numpydoc",
]
html_theme = "furo"
html_title = f"passerelle {release}"
html_show_sourcelink = False

myst_heading_anchors = 3
# Files of the repository that are no pages stay what they are there.
suppress_warnings = ["myst.xref_missing"]

default_role = "code"
autodoc_typehints = "none"
autodoc_member_order = "groupwise"
# Clusters are in environments of their own.
autodoc_mock_imports = ["pyspark", "ray"]
autodoc_default_options = {"members": True}
numpydoc_show_class_members = False
