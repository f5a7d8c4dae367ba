"""A TLS origin that answers as a script says: see ../scripted_origin.py for the command, server.Origin for tests."""
