"""What accountants file: the proof workbook and its CSV files. Records go in, files come out; nothing is read."""
