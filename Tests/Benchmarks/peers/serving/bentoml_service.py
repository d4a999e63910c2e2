"""BentoML: bentoml serve bentoml_service:Price; MODEL names the file that work.py wrote."""
import os

import bentoml
import work


@bentoml.service(workers=1, traffic={"timeout": 60})
class Price:
    def __init__(self):
        self.model = work.load(os.environ["MODEL"])

    @bentoml.api
    async def suggest(self, title: str = "", brand: str = "") -> dict:
        return self.model.suggest({"title": title, "brand": brand})
