"""What a page may ask for: scope, answers, figures, tables, drilling, empty states."""

import pandas as pd

pd.set_option("mode.string_storage", "python")  # what a page derives is small: see warehouse.frames
