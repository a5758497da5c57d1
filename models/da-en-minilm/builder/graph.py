"""The ONNX graph: one BERT body, both vocabularies in one int8 matrix, unit vectors out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

__all__ = ["HEADS", "LAYERS", "build_graph", "quantised_columns", "quantised_rows"]

LAYERS = 6
HEADS = 12
WIDTH = 384
EPSILON = 1e-12
OPSET = 17
GELU_ZERO = 12
# Products of 8 x 8 bits overflow on CPUs without VNNI (two products are added in 16 bits).
PRODUCT_LEVELS = 80
# Few hidden units of the first layer reach far beyond the others: uint8 loses most there.
EXACT = frozenset({"layer.0.outer"})

Floats = npt.NDArray[np.float32]


def quantised_rows(matrix: Floats) -> tuple[npt.NDArray[np.int8], Floats]:
    """(int8 rows, float32 scales): row i is ``rows[i] * scales[i]``."""
    scales = np.abs(matrix).max(axis=1) / 127.0
    scales[scales == 0] = 1.0
    rows = np.rint(matrix / scales[:, None]).clip(-127, 127).astype(np.int8)
    return rows, scales.astype(np.float32)


def quantised_columns(weight: Floats, most: int = 127) -> tuple[npt.NDArray[np.int8], Floats]:
    """The same for the columns of a (inputs, outputs) weight, with levels up to ``most``."""
    scales = np.abs(weight).max(axis=0) / most
    scales[scales == 0] = 1.0
    columns = np.rint(weight / scales).clip(-most, most).astype(np.int8)
    return columns, scales.astype(np.float32)


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self, ranges: Mapping[str, Floats]) -> None:
        self.ranges = ranges
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def linear(self, name: str, value: str, weight: Floats, bias: Floats) -> str:
        """``value @ weight + bias`` with int8 weights.

        Activations are uint8 with one fixed range a channel, measured once over training texts:
        no text alters another one's vector, as a scale taken from the batch would. The ranges are
        folded into the weight, which has one scale a column, and into the bias.
        """
        if name in EXACT:
            return self._exact(name, value, weight, bias)
        low, high = self.ranges[name]
        one_sided = bool(low.min() > -0.2)  # behind GELU nothing is below -0.17
        point = GELU_ZERO if one_sided else 128
        middle = np.zeros_like(low) if one_sided else (low + high) / 2
        scale = np.maximum((high - middle) / (255 - point), (middle - low) / point)
        scale = np.maximum(scale, 1e-6).astype(np.float32)
        levels, scales = quantised_columns(weight * scale[:, None], PRODUCT_LEVELS)
        even = self.node(
            "Mul",
            [value, self.constant(f"{name}.balance", (1 / scale).astype(np.float32))],
            f"{name}.even",
        )
        if not one_sided:
            shift = (middle / scale).astype(np.float32)
            even = self.node(
                "Sub", [even, self.constant(f"{name}.shift", shift)], f"{name}.centred"
            )
            bias = bias + shift @ (levels * scales)
        one = self.constant(f"{name}.one", np.array(1.0, dtype=np.float32))
        zero = self.constant(f"{name}.point", np.array(point, dtype=np.uint8))
        quantised = self.node("QuantizeLinear", [even, one, zero], f"{name}.input")
        return self.node(
            "MatMulIntegerToFloat",
            [
                quantised,
                self.constant(f"{name}.weight", levels),
                one,
                self.constant(f"{name}.scale", scales),
                zero,
                self.constant(f"{name}.zero", np.zeros(len(scales), dtype=np.int8)),
                self.constant(f"{name}.bias", bias.astype(np.float32)),
            ],
            f"{name}.out",
            domain="com.microsoft",
        )

    def _exact(self, name: str, value: str, weight: Floats, bias: Floats) -> str:
        """The same with float activations; onnxruntime widens the weight once, when it loads."""
        levels, scales = quantised_columns(weight)
        wide = self.node(
            "Cast",
            [self.constant(f"{name}.weight", levels)],
            f"{name}.wide",
            to=TensorProto.FLOAT,
        )
        scaled = self.node("Mul", [wide, self.constant(f"{name}.scale", scales)], f"{name}.scaled")
        product = self.node("MatMul", [value, scaled], f"{name}.product")
        return self.node("Add", [product, self.constant(f"{name}.bias", bias)], f"{name}.out")


def build_graph(
    body: Mapping[str, Floats],
    rows: Floats,
    row_of_id: npt.NDArray[np.int32],
    max_tokens: int,
    ranges: Mapping[str, Floats],
) -> Any:
    """The model: ``input_ids``, ``attention_mask`` (int64) → ``sentence_embedding`` (float32).

    body:   the teacher's weights by their BERT names
    rows:   the joint embedding matrix, English rows first
    ranges: the least and the largest input of every channel of every product, (2, channels)
    """
    g = _Graph(ranges)
    ids = g.node("Gather", [g.constant("row_of_id", row_of_id), "input_ids"], "rows")
    levels, scales = quantised_rows(rows)
    picked = g.node("Gather", [g.constant("embeddings.word", levels), ids], "word_levels")
    picked = g.node("Cast", [picked], "word_floats", to=TensorProto.FLOAT)
    table = g.constant("embeddings.scale", scales[:, None])
    words = g.node("Mul", [picked, g.node("Gather", [table, ids], "word_scales")], "words")
    position = body["embeddings.position_embeddings.weight"][:max_tokens]
    position = position + body["embeddings.token_type_embeddings.weight"][0]
    zero = g.constant("zero", np.array([0], dtype=np.int64))
    one = g.constant("one", np.array([1], dtype=np.int64))
    two = g.constant("two", np.array([2], dtype=np.int64))
    shape = g.node("Shape", ["input_ids"], "shape")
    length = g.node("Slice", [shape, one, two], "length")
    places = g.node("Slice", [g.constant("embeddings.position", position), zero, length], "places")
    value = g.node("Add", [words, places], "embedded")
    value = _normalised(g, "embeddings.norm", value, body, "embeddings.LayerNorm")
    mask = g.node("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    for number in range(LAYERS):
        value = _layer(g, number, value, mask, body)
    weights = g.node("Cast", ["attention_mask"], "weights", to=TensorProto.FLOAT)
    weights = g.node("Unsqueeze", [weights, two], "weights_column")
    total = g.node("ReduceSum", [g.node("Mul", [value, weights], "kept"), one], "sum", keepdims=0)
    # The mean's divisor falls out when the length is made one.
    norm = g.node("ReduceL2", [total], "norm", axes=[1], keepdims=1)
    g.node("Div", [total, norm], "sentence_embedding")
    graph = helper.make_graph(
        g.nodes,
        "da-en-minilm",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["texts", "tokens"]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["texts", "tokens"]),
        ],
        [helper.make_tensor_value_info("sentence_embedding", TensorProto.FLOAT, ["texts", WIDTH])],
        g.constants,
    )
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=opsets, producer_name="da-en-minilm")
    model.ir_version = 9
    onnx.checker.check_model(model)
    return model


def _normalised(g: _Graph, name: str, value: str, body: Mapping[str, Floats], source: str) -> str:
    scale = g.constant(f"{name}.weight", body[f"{source}.weight"])
    bias = g.constant(f"{name}.bias", body[f"{source}.bias"])
    return g.node(
        "LayerNormalization", [value, scale, bias], f"{name}.out", axis=-1, epsilon=EPSILON
    )


def _layer(g: _Graph, number: int, value: str, mask: str, body: Mapping[str, Floats]) -> str:
    source, name = f"encoder.layer.{number}", f"layer.{number}"
    own = f"{source}.attention.self"
    parts = ("query", "key", "value")
    weight = np.concatenate([body[f"{own}.{part}.weight"].T for part in parts], axis=1)
    bias = np.concatenate([body[f"{own}.{part}.bias"] for part in parts])
    joined = g.linear(f"{name}.qkv", value, weight, bias)
    split = [f"{name}.{part}" for part in parts]
    g.nodes.append(helper.make_node("Split", [joined], split, name=f"{name}.split", axis=2))
    heads = g.node(
        "MultiHeadAttention",
        [*split, "", mask],
        f"{name}.heads",
        domain="com.microsoft",
        num_heads=HEADS,
    )
    out = g.linear(
        f"{name}.attention",
        heads,
        body[f"{source}.attention.output.dense.weight"].T,
        body[f"{source}.attention.output.dense.bias"],
    )
    added = g.node("Add", [value, out], f"{name}.attention.sum")
    value = _normalised(
        g, f"{name}.attention.norm", added, body, f"{source}.attention.output.LayerNorm"
    )
    inner = g.linear(
        f"{name}.inner",
        value,
        body[f"{source}.intermediate.dense.weight"].T,
        body[f"{source}.intermediate.dense.bias"],
    )
    inner = g.node("Gelu", [inner], f"{name}.gelu", domain="com.microsoft")
    out = g.linear(
        f"{name}.outer",
        inner,
        body[f"{source}.output.dense.weight"].T,
        body[f"{source}.output.dense.bias"],
    )
    added = g.node("Add", [value, out], f"{name}.sum")
    return _normalised(g, f"{name}.norm", added, body, f"{source}.output.LayerNorm")
