"""FastAPI: uvicorn fastapi_service:app; MODEL names the file that work.py wrote."""
import os

import work
from fastapi import FastAPI
from pydantic import BaseModel

model = work.load(os.environ["MODEL"])
app = FastAPI()


class Listing(BaseModel):
    title: str = ""
    brand: str = ""


@app.post("/suggest")
async def suggest(listing: Listing):
    # On the event loop: a thread pool made it slower, since Python runs one thread at a time.
    return model.suggest(listing.model_dump())
