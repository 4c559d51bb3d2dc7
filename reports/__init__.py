"""The publication: requesting, composing, drawing, signing off and publishing reports.

Contents are composed once, without ink, from tables that are already safe; PDF, page, spreadsheet, CSV and JSON are
drawn from that one object, so they cannot disagree."""
