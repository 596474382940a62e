"""What a release says, in words, figures, documents and files, in bokmål, nynorsk and English.

`views` builds what a page is given, `text` and `numbers` its words, `figures` its pictures;
`pdf` and `exports` hand them on. Nothing here decides what may leave the house.
"""
