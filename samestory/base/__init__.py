"""Base: errors, schema, resources, SQL, the wording of numbers, progress; what every other room rests on."""
