"""Bodies with values: what pictures, ParaView and viewers show of a module in three dimensions."""
