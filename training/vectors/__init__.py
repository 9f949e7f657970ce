"""How the data file of sentence vectors is made, from English and multilingual sentence models."""
