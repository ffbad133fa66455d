"""The domain: lineups, their photographs, faces, jobs and exports."""
