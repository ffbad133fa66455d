"""What a photograph shows, read from the features of who it is: sex, age, hair, beard, glasses."""
