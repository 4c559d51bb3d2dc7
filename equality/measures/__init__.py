"""Measures computed from exact counts and exact pay. Rounding comes last, and halves go up, as published figures
do."""
