"""The two inks beside the permit colours, as shares of white.

Grey values, not RGB: a colour printer then uses black toner alone and small type stays sharp.
"""

INK = 0.0
LABEL_GREY = 0.36
