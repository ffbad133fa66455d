"""``evaluate standing-out``: in drafted lineups, is the suspect the odd one, and can a machine find him?"""
