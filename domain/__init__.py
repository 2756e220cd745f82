"""The project's words: frozen types, the table of moves, ports and errors. Standard library only."""
