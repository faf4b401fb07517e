"""Every table of the database. The models stand in several modules; whoever needs them all (migrations, backup) asks here."""

from __future__ import annotations

from directory import crawl_state, curation_tables, models, upkeep_state

MODULES = (models, crawl_state, curation_tables, upkeep_state)  #: add a module with tables here
METADATA = models.Base.metadata
