"""Clients that others wrote ask a server; prints a line of JSON for each check: its name, and what went wrong or null."""

import asyncio
import json
import sys
import traceback

import boto3
import botocore.exceptions
import numpy
import pandas
import tritonclient.http as triton
from kserve import InferenceRESTClient, RESTConfig
from kserve import InferInput, InferOutput, InferRequest
from mlflow.pyfunc.scoring_server.client import ScoringServerClient
from tritonclient.utils import InferenceServerException

port = int(sys.argv[1])
base = f"http://127.0.0.1:{port}"
rows = numpy.array([[1.0, 1.5], [4.0, 2.0], [0.25, 8.0]])
areas = (rows[:, 0] * rows[:, 1]).tolist()
varieties = ["Setosa" if area < 2 else "Virginica" for area in areas]

checks = {}


def check(function):
    checks[function.__name__] = function
    return function


def same(found, expected):
    assert found == expected, f"expected {expected}, found {found}"


def tensor(name, array, binary, datatype="FP64"):
    made = triton.InferInput(name, list(array.shape), datatype)
    made.set_data_from_numpy(array, binary_data=binary)
    return made


def ask_triton(inputs, **more):
    client = triton.InferenceServerClient(f"127.0.0.1:{port}")
    try:
        return client.infer("iris", inputs, **more)
    finally:
        client.close()


@check
def triton_metadata():
    client = triton.InferenceServerClient(f"127.0.0.1:{port}")
    same(client.is_server_live(), True)
    same(client.is_server_ready(), True)
    same(client.is_model_ready("iris"), True)
    same(client.is_model_ready("iris", "1.2.3"), True)
    same(client.is_model_ready("rose"), False)
    same(client.get_server_metadata()["extensions"], ["binary_tensor_data", "model_repository"])
    same(client.get_model_metadata("iris", "1.2.3")["inputs"][0], {"name": "length", "datatype": "FP64", "shape": [-1]})
    same(client.get_model_repository_index()[0]["state"], "READY")
    client.close()


@check
def triton_binary_and_json():
    for binary_in in (True, False):
        for binary_out in (True, False):
            for inputs in (
                [tensor("x", rows, binary_in)],
                [tensor("x", rows.astype("float32"), binary_in, "FP32")],
                [tensor("length", rows[:, 0], binary_in), tensor("width", rows[:, 1:], binary_in)],
            ):
                names = ["variety", "area", "count", "sure", "probabilities"]
                outputs = [triton.InferRequestedOutput(name, binary_data=binary_out) for name in names]
                result = ask_triton(inputs, outputs=outputs, request_id="7")
                same(result.get_response()["id"], "7")
                same(result.as_numpy("area").tolist(), areas)
                same([str(v, "utf-8") if isinstance(v, bytes) else str(v) for v in result.as_numpy("variety")], varieties)
                same(result.as_numpy("count").dtype, numpy.int64)
                same(result.as_numpy("sure").dtype, bool)
                same(result.as_numpy("probabilities").shape, (3, 2))
                same(numpy.allclose(result.as_numpy("probabilities").sum(axis=1), 1), True)


@check
def triton_all_outputs_and_compression():
    for algorithm in (None, "gzip", "deflate"):
        result = ask_triton(
            [tensor("x", rows, True)], request_compression_algorithm=algorithm, response_compression_algorithm="gzip"
        )
        same(result.as_numpy("area").tolist(), areas)


@check
def triton_many_rows_in_order():
    many = numpy.column_stack([numpy.arange(20000.0), numpy.full(20000, 2.0)])
    same(ask_triton([tensor("x", many, True)]).as_numpy("area").tolist(), (many[:, 0] * 2).tolist())


@check
def triton_whole_numbers_of_64_bits():
    count = numpy.array([2**53 - 1, -(2**53) + 1, 7], dtype="int64")
    inputs = [tensor("length", rows[:, 0], True), tensor("width", rows[:, 1], True), tensor("count", count, True, "INT64")]
    same(ask_triton(inputs).as_numpy("count").tolist(), count.tolist())
    for binary in (True, False):
        inputs[2] = tensor("count", count + 2, binary, "INT64")
        try:
            ask_triton(inputs)
        except InferenceServerException as error:
            same("9007199254740993" in error.message(), True)
        else:
            raise AssertionError("a whole number past 2^53 was taken")


@check
def triton_errors():
    for inputs, words in (
        ([tensor("x", -rows, True)], "length: expected at least 0"),
        ([tensor("length", rows[:, 0], True)], "width: required"),
        ([tensor("x", numpy.zeros((1, 5)), True)], "expected the shape [1,3]"),
    ):
        try:
            ask_triton(inputs)
        except InferenceServerException as error:
            same(error.status(), "400")
            assert words in error.message(), error.message()
        else:
            raise AssertionError(f"expected an error with {words}")


def kserve_ask(protocol, call):
    async def run():
        client = InferenceRESTClient(RESTConfig(protocol=protocol))
        try:
            return await call(client)
        finally:
            await client.close()

    return asyncio.run(run())


@check
def kserve_v1():
    same(kserve_ask("v1", lambda client: client.is_model_ready(base, "iris")), True)
    for instances in (rows.tolist(), [{"length": a, "width": b} for a, b in rows.tolist()]):
        answer = kserve_ask("v1", lambda client: client.infer(base, {"instances": instances}, model_name="iris"))
        same([one["area"] for one in answer["predictions"]], areas)
    try:
        kserve_ask("v1", lambda client: client.infer(base, {"instances": [[-1, 1]]}, model_name="iris"))
    except Exception as error:
        assert "length: expected at least 0" in str(error), error
    else:
        raise AssertionError("a petal of no length was taken")


@check
def kserve_v2():
    same(kserve_ask("v2", lambda client: client.is_server_ready(base)), True)
    same(kserve_ask("v2", lambda client: client.is_server_live(base)), True)
    same(kserve_ask("v2", lambda client: client.is_model_ready(base, "iris")), True)
    for binary in (True, False):
        made = InferInput("x", list(rows.shape), "FP64")
        made.set_data_from_numpy(rows, binary_data=binary)
        request = InferRequest(model_name="iris", infer_inputs=[made], request_id="9", parameters={"binary_data_output": binary})
        answer = kserve_ask("v2", lambda client: client.infer(base, request, model_name="iris"))
        same(answer.id, "9")
        area = next(output for output in answer.outputs if output.name == "area")
        same(area.as_numpy().tolist(), areas)
    try:
        wrong = InferInput("x", [1, 2], "FP64", data=[-1.0, 1.0])
        kserve_ask("v2", lambda client: client.infer(base, InferRequest(model_name="iris", infer_inputs=[wrong]), model_name="iris"))
    except Exception as error:
        assert "length: expected at least 0" in str(error), error
    else:
        raise AssertionError("a petal of no length was taken")


@check
def mlflow_scoring():
    client = ScoringServerClient("127.0.0.1", port)
    client.ping()
    assert client.get_version()
    frame = pandas.DataFrame(rows, columns=["length", "width"])
    for data in (frame, json.dumps({"dataframe_records": frame.to_dict("records")}), rows, rows.tolist()):
        predictions = client.invoke(data).get_predictions()
        same(predictions["area"].tolist(), areas)
        same(predictions["variety"].tolist(), varieties)
    same(client.invoke(frame, params={"count": 7}).get_predictions()["count"].tolist(), [7, 7, 7])
    try:
        client.invoke(-frame)
    except Exception as error:
        assert "BAD_REQUEST" in str(error) and "length: expected at least 0" in str(error), error
    else:
        raise AssertionError("petals of no length were taken")


@check
def sagemaker_runtime():
    runtime = boto3.client(
        "sagemaker-runtime", endpoint_url=base, region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x"
    )

    def ask(body, kind):
        return runtime.invoke_endpoint(EndpointName="iris", ContentType=kind, Body=body)["Body"].read()

    same(json.loads(ask('{"length": 4, "width": 2}', "application/json"))["area"], 8)
    same([p["area"] for p in json.loads(ask("1,1.5\n4,2\n0.25,8\n", "text/csv"))["predictions"]], areas)
    lines = "".join(json.dumps({"length": a, "width": b}) + "\n" for a, b in rows.tolist())
    same([json.loads(line)["area"] for line in ask(lines, "application/jsonlines").splitlines()], areas)
    try:
        ask('{"length": -4, "width": 2}', "application/json")
    except botocore.exceptions.ClientError as error:
        same(error.response["Error"]["Code"], "ValidationError")
        assert "length: expected at least 0" in error.response["Error"]["Message"], error.response
    else:
        raise AssertionError("a petal of no length was taken")


for name, run in checks.items():
    try:
        run()
        print(json.dumps([name, None]), flush=True)
    except BaseException:
        print(json.dumps([name, traceback.format_exc()[-1500:]]), flush=True)
