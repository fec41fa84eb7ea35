"""DataFrames in, Plotly figures out; nothing here knows where the numbers come from."""
