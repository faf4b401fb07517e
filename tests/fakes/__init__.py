"""Stand-ins for servers that cannot run in the tests."""
