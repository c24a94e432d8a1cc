"""Made-up regions, played through the services in time order: `nrs-2016` and `demo` (design §10)."""
