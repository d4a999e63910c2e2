"""MLServer: a runtime for `mlserver start`, with the V2 inference protocol; MODEL names the file that work.py wrote."""
import json
import os

import work
from mlserver import MLModel
from mlserver.codecs import StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Price(MLModel):
    async def load(self) -> bool:
        self.model = work.load(os.environ["MODEL"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        fields = {each.name: StringCodec.decode_input(each)[0] for each in payload.inputs}
        answer = json.dumps(self.model.suggest(fields))
        return InferenceResponse(
            model_name=self.name, outputs=[StringCodec.encode_output("suggestion", [answer])])
