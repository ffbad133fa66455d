"""Pictures of one lineup evened out, so that none of them can be told by how it looks."""
