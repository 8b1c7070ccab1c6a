"""Where cars may stand: communities, compounds, colours, zones and zone plans."""
