"""Are the fillers right: like the suspect, somebody else, real, and as the officer asked (thesis §5.3)?"""
