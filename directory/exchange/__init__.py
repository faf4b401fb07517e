"""The other shapes in which entries come in and go out: tables (CSV, XLSX) and HSDS."""
