"""The least that Flask can answer, served like the product: what a decision is compared with."""

from flask import Flask

app = Flask(__name__)


@app.get("/")
def answer() -> str:
    """Answer."""
    return "ok"
