"""Records: frozen, slotted, standard library only. No clock, no input, no output."""
