"""Points of care: hydrants, lifts, playgrounds, flood points. Places only; nothing says whose they are."""
