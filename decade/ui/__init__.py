"""What a page may ask for: scope, answers, figures, tables, drilling, empty states."""
