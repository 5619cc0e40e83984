"""Reads requests of OTLP, a line each (the media type, a tab, the body in base64), as a collector does, and prints what they say."""

import base64
import json
import sys

from google.protobuf import json_format
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest

for line in sys.stdin:
    media_type, body = line.rstrip("\n").split("\t")
    data = base64.b64decode(body)
    request = ExportMetricsServiceRequest()
    if media_type == "application/json":
        json_format.Parse(data, request)
    else:
        request.ParseFromString(data)
        # Fields that it does not know would be kept, and written again.
        request.DiscardUnknownFields()
        assert len(request.SerializeToString()) == len(data), "fields that OTLP does not have"
    print(json.dumps(json_format.MessageToDict(request)))
