"""What is drawn on Folium maps; knows the plan, but no page."""
