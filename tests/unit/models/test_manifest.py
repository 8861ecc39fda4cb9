"""The manifest: complete, pinned, and built."""

import re

import onnx
import pytest

from models.build import is_fresh
from models.manifest import MODELS_DIR, Model, read_manifest

MODELS = read_manifest()
each_model = pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
# Licences that forbid commercial use or require disclosure of the product's source.
FORBIDDEN = re.compile(r"GPL|NC|non-?commercial|research", re.IGNORECASE)


def test_names_are_unique_and_files_are_named_after_them() -> None:
    assert len({model.name for model in MODELS}) == len(MODELS)
    assert {model.file for model in MODELS} == {f"{model.name}.onnx" for model in MODELS}


@each_model
def test_every_source_is_pinned_and_permissively_licensed(model: Model) -> None:
    assert all(re.fullmatch(r"[0-9a-f]{64}", member.sha256) for member in model.members)
    assert re.fullmatch(r"\d+(\.\d+)+", model.version)
    assert not FORBIDDEN.search(model.licence)
    assert set(model.functions) <= {"vision", "sound"}


@each_model
def test_every_model_has_a_card(model: Model) -> None:
    card = (MODELS_DIR / "cards" / f"{model.name}.md").read_text("utf-8")
    for text in (model.package, model.version, model.members[-1].sha256):
        assert text in card


@each_model
def test_every_model_is_built_with_its_source_as_metadata(model: Model) -> None:
    assert is_fresh(model)
    proto = onnx.load(str(model.target))
    metadata = {prop.key: prop.value for prop in proto.metadata_props}
    assert metadata["version"] == f"{model.package} {model.version}"


@pytest.mark.parametrize(
    "model",
    [model for model in MODELS if "vision" in model.functions],
    ids=lambda model: model.name,
)
def test_every_picture_model_has_the_same_kind_of_input(model: Model) -> None:
    (value,) = onnx.load(str(model.target)).graph.input
    kind = value.type.tensor_type
    assert value.name == "image"
    assert kind.elem_type == onnx.TensorProto.UINT8
    assert kind.shape.dim[3].dim_value == 3


def test_all_models_together_fit_into_a_package() -> None:
    assert sum(model.target.stat().st_size for model in MODELS) < 50e6
